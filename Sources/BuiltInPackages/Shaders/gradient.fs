/*{
  "ISFVSN": "2",
  "VSN": "1",
  "TITLE": "Gradient",
  "DESCRIPTION": "Two colours that run into each other, along a line or around a centre.",
  "CREDIT": "Afterimage",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "startColour", "TYPE": "color", "DEFAULT": [0.05, 0.06, 0.20, 1.0], "LABEL": "Start"},
    {"NAME": "endColour", "TYPE": "color", "DEFAULT": [0.98, 0.52, 0.30, 1.0], "LABEL": "End"},
    {"NAME": "angle", "TYPE": "float", "DEFAULT": 270.0, "MIN": 0.0, "MAX": 360.0, "LABEL": "Angle (degrees)"},
    {"NAME": "centre", "TYPE": "point2D", "DEFAULT": [0.5, 0.5], "MIN": [0.0, 0.0], "MAX": [1.0, 1.0],
     "LABEL": "Centre"},
    {"NAME": "radial", "TYPE": "bool", "DEFAULT": false, "LABEL": "Around the centre"}
  ]
}*/

void main() {
  // One unit is the picture's height, so that circles are round and angles are true.
  vec2 p = (isf_FragNormCoord - centre) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
  float turn = radians(angle);
  float along = dot(p, vec2(cos(turn), sin(turn))) + 0.5;
  float around = length(p) * 2.0;
  gl_FragColor = mix(startColour, endColour, clamp(radial ? around : along, 0.0, 1.0));
}
