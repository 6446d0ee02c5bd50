/*{
  "ISFVSN": "2",
  "VSN": "1",
  "TITLE": "Checker",
  "DESCRIPTION": "A board of two colours.",
  "CREDIT": "Afterimage",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "squares", "TYPE": "long", "DEFAULT": 16, "MIN": 2, "MAX": 64, "LABEL": "Squares across"},
    {"NAME": "soft", "TYPE": "bool", "DEFAULT": false, "LABEL": "Soft edges"},
    {"NAME": "lightColour", "TYPE": "color", "DEFAULT": [0.86, 0.86, 0.84, 1.0], "LABEL": "Light"},
    {"NAME": "darkColour", "TYPE": "color", "DEFAULT": [0.11, 0.12, 0.14, 1.0], "LABEL": "Dark"}
  ]
}*/

void main() {
  // One unit is the picture's width, from the top left corner.
  vec2 p = vec2(isf_FragNormCoord.x, (1.0 - isf_FragNormCoord.y) * RENDERSIZE.y / RENDERSIZE.x);
  vec2 waves = sin(p * float(squares) * 3.14159265);
  float wave = waves.x * waves.y;
  float light = soft ? 0.5 + 0.5 * wave : step(0.0, wave);
  gl_FragColor = mix(darkColour, lightColour, light);
}
