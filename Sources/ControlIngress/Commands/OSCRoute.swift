/// The addresses of the OSC contract. A part that is nil matches any name; the route's command knows its position.
struct OSCRoute: Sendable {
  enum Meaning: Sendable {
    case ping, storeLive, clearLive, loadPreset, opacity, enabled, parameter, compositionOpacity
  }

  let words: [String?]
  let meaning: Meaning

  static let all = [
    OSCRoute(words: ["studio", "layers", nil, "parameters", nil], meaning: .parameter),
    OSCRoute(words: ["studio", "layers", nil, "opacity"], meaning: .opacity),
    OSCRoute(words: ["studio", "layers", nil, "enabled"], meaning: .enabled),
    OSCRoute(words: ["studio", "ping"], meaning: .ping),
    OSCRoute(words: ["studio", "live", "store"], meaning: .storeLive),
    OSCRoute(words: ["studio", "live", "clear"], meaning: .clearLive),
    OSCRoute(words: ["studio", "presets", "load"], meaning: .loadPreset),
    OSCRoute(words: ["composition", "layers", nil, "video", "opacity"], meaning: .compositionOpacity),
  ]
}
