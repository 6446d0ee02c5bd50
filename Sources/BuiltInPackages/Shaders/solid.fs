/*{
  "ISFVSN": "2",
  "VSN": "1",
  "TITLE": "Solid",
  "DESCRIPTION": "One colour over the whole picture.",
  "CREDIT": "Afterimage",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "colour", "TYPE": "color", "DEFAULT": [0.08, 0.24, 0.55, 1.0], "LABEL": "Colour"}
  ]
}*/

void main() {
  gl_FragColor = colour;
}
