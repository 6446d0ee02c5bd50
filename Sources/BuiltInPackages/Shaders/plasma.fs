/*{
  "ISFVSN": "2",
  "VSN": "1",
  "TITLE": "Plasma",
  "DESCRIPTION": "Slow waves of colour.",
  "CREDIT": "Afterimage",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "mix", "TYPE": "float", "DEFAULT": 0.35, "MIN": 0.0, "MAX": 1.0, "LABEL": "Ember to aurora"},
    {"NAME": "speed", "TYPE": "float", "DEFAULT": 0.5, "MIN": 0.0, "MAX": 1.0, "LABEL": "Speed"}
  ]
}*/

// The input `mix` hides GLSL's function of that name, so this file blends by hand.

vec3 palette(float u, vec3 base, vec3 swing, vec3 shift) {
  return base + swing * cos(6.2831853 * (u + shift));
}

void main() {
  // One unit is the picture's height.
  float aspect = RENDERSIZE.x / RENDERSIZE.y;
  vec2 p = isf_FragNormCoord * vec2(aspect, 1.0);
  float t = TIME * speed * 2.0;
  vec2 eye = vec2(aspect * (0.5 + 0.35 * sin(t * 0.40)), 0.5 + 0.35 * cos(t * 0.31));
  float wave = sin(p.x * 4.0 + t) + sin(p.y * 5.0 - t * 1.3) + sin((p.x + p.y) * 3.0 + t * 0.7)
      + sin(length(p - eye) * 9.0 - t * 1.7);
  float u = 0.5 + wave * 0.125;
  vec3 ember = palette(u, vec3(0.48, 0.20, 0.20), vec3(0.46, 0.20, 0.18), vec3(0.48, 0.58, 0.18));
  vec3 aurora = palette(u, vec3(0.22, 0.36, 0.52), vec3(0.20, 0.34, 0.44), vec3(0.15, 0.64, 0.50));
  gl_FragColor = vec4(ember + (aurora - ember) * mix, 1.0);
}
