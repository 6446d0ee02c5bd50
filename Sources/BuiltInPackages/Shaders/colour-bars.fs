/*{
  "ISFVSN": "2",
  "VSN": "1",
  "TITLE": "Colour bars",
  "DESCRIPTION": "The 75 % bars of SMPTE EG 1, with castellations, -I, +Q and PLUGE, or the seven bars alone.",
  "CREDIT": "Afterimage",
  "CATEGORIES": ["Generator", "Test pattern"],
  "INPUTS": [
    {"NAME": "brightness", "TYPE": "float", "DEFAULT": 1.0, "MIN": 0.0, "MAX": 1.0, "LABEL": "Brightness"},
    {"NAME": "pattern", "TYPE": "long", "DEFAULT": 0, "VALUES": [0, 1], "LABELS": ["SMPTE EG 1", "Full field"],
     "LABEL": "Pattern"}
  ]
}*/

// Bits of `mask`: 4 red, 2 green, 1 blue.
vec3 primaries(float mask, float level) {
  return level * vec3(step(4.0, mask), step(2.0, mod(mask, 4.0)), mod(mask, 2.0));
}

const float black = 19.0 / 255.0;

// White, yellow, cyan, green, magenta, red, blue: the masks 7, 6, 3, 2, 5, 4, 1.
vec3 bar(float position) {
  float mask = position < 1.0 ? 7.0 : position < 2.0 ? 6.0 : position < 3.0 ? 3.0 : position < 4.0 ? 2.0
      : position < 5.0 ? 5.0 : position < 6.0 ? 4.0 : 1.0;
  return primaries(mask, 191.0 / 255.0);
}

// The same bars from right to left, every second one black.
vec3 castellation(float position) {
  return mod(floor(position), 2.0) < 1.0 ? bar(6.0 - floor(position)) : vec3(black);
}

vec3 foot(float position) {
  if (position < 1.25) return vec3(0.0, 33.0, 76.0) / 255.0;
  if (position < 2.5) return vec3(1.0);
  if (position < 3.75) return vec3(50.0, 0.0, 106.0) / 255.0;
  if (position < 5.0) return vec3(black);
  if (position < 16.0 / 3.0) return vec3(9.0 / 255.0);
  if (position < 17.0 / 3.0) return vec3(black);
  return vec3(position < 6.0 ? 29.0 / 255.0 : black);
}

void main() {
  float position = isf_FragNormCoord.x * 7.0;
  float down = 1.0 - isf_FragNormCoord.y;
  vec3 colour = pattern == 1 || down < 2.0 / 3.0 ? bar(position)
      : down < 0.75 ? castellation(position) : foot(position);
  gl_FragColor = vec4(colour * brightness, 1.0);
}
