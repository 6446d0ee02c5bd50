import Hummingbird
import LiveRuntime

/// One route of the HTTP contract: a method, a path and the function that answers it
/// (docs/decisions/0014-own-router.md).
struct APIRoute: Sendable {
  typealias Answer = @Sendable (StudioAPI, APICall) async throws(RequestRejection) -> Response

  let method: String
  /// Parts of the path; nil matches any name.
  private let parts: [String?]
  let answer: Answer

  /// - Parameter path: as in the contract, with `*` for a name.
  private init(_ method: String, _ path: String, _ answer: @escaping Answer) {
    self.method = method
    parts = path.split(separator: "/").map { $0 == "*" ? nil : String($0) }
    self.answer = answer
  }

  /// The names in a path of this route, decoded; nil if the path does not match the route.
  func names(in path: [String]) throws(RequestRejection) -> [String]? {
    guard path.count == parts.count else { return nil }
    var names: [String] = []
    for (part, text) in zip(parts, path) {
      if let part {
        guard part == text else { return nil }
      } else {
        guard let name = percentDecoded(text) else {
          throw RequestRejection(400, "badPath", "\"\(text)\" in the path is not percent-encoded UTF-8")
        }
        names.append(name)
      }
    }
    return names
  }

  /// The path that is answered even while the bound of connections is reached.
  static let healthProbe = "/healthz"

  /// In the order of the contract. Of two matching routes the first one is used, so literal parts precede names.
  static let all: [APIRoute] = topLevel + versioned.map { APIRoute($0.method, "/api/v1" + $0.path, $0.answer) }

  private static let topLevel = [
    APIRoute("GET", "/") { _, call throws(RequestRejection) in try PageFile.response(to: call, named: "page.html") },
    APIRoute("GET", "/page/*") { _, call throws(RequestRejection) in
      try PageFile.response(to: call, named: call.names[0])
    },
    APIRoute("GET", healthProbe) { api, _ in api.healthProbe() },
    APIRoute("GET", "/metrics") { api, _ in api.metrics() },
  ]

  private static let versioned: [(method: String, path: String, answer: Answer)] = [
    ("GET", "/export", { api, _ in api.export() }),
    ("POST", "/import", { api, call throws(RequestRejection) in try await api.importState(call) }),
    ("GET", "/state", { api, call throws(RequestRejection) in try api.state(call) }),
    ("POST", "/layers", { api, call throws(RequestRejection) in try await api.addLayer(call) }),
    ("DELETE", "/layers/*", { api, call throws(RequestRejection) in try await api.removeLayer(call) }),
    ("POST", "/layers/*/move", { api, call throws(RequestRejection) in try await api.moveLayer(call) }),
    ("PUT", "/layers/*/parameters/*", { api, call throws(RequestRejection) in try await api.setParameter(call) }),
    ("PUT", "/layers/*/opacity", { api, call throws(RequestRejection) in try await api.setOpacity(call) }),
    ("PUT", "/layers/*/enabled", { api, call throws(RequestRejection) in try await api.setEnabled(call) }),
    ("PUT", "/layers/*/blendMode", { api, call throws(RequestRejection) in try await api.setBlendMode(call) }),
    ("PUT", "/layers/*/name", { api, call throws(RequestRejection) in try await api.renameLayer(call) }),
    ("GET", "/config", { api, _ in api.config() }),
    ("PUT", "/config", { api, call throws(RequestRejection) in try await api.setConfig(call) }),
    ("POST", "/live/store", { api, call throws(RequestRejection) in try await api.perform(.storeLiveValues, call) }),
    ("POST", "/live/clear", { api, call throws(RequestRejection) in try await api.perform(.clearLiveValues, call) }),
    ("PUT", "/live/layers/*/parameters/*", { api, call throws(RequestRejection) in try await api.setLive(call) }),
    ("DELETE", "/live/layers/*/parameters/*", { api, call throws(RequestRejection) in try await api.dropLive(call) }),
    (
      "DELETE", "/live/layers/*/opacity",
      { api, call throws(RequestRejection) in try await api.dropLive(.opacity, call) }
    ),
    (
      "DELETE", "/live/layers/*/enabled",
      { api, call throws(RequestRejection) in try await api.dropLive(.enabled, call) }
    ),
    ("GET", "/presets", { api, _ throws(RequestRejection) in try await api.presets() }),
    ("GET", "/presets/*", { api, call throws(RequestRejection) in try await api.preset(call) }),
    ("PUT", "/presets/*", { api, call throws(RequestRejection) in try await api.savePreset(call) }),
    ("DELETE", "/presets/*", { api, call throws(RequestRejection) in try await api.deletePreset(call) }),
    ("POST", "/presets/*/load", { api, call throws(RequestRejection) in try await api.loadPreset(call) }),
    ("GET", "/packages", { api, _ in api.packages() }),
    ("GET", "/generations", { api, _ throws(RequestRejection) in try await api.generations() }),
    ("GET", "/generations/diff", { api, call throws(RequestRejection) in try await api.difference(call) }),
    ("GET", "/generations/*", { api, call throws(RequestRejection) in try await api.generation(call) }),
    ("POST", "/generations/*/rollback", { api, call throws(RequestRejection) in try await api.rollBack(call) }),
    ("GET", "/generations/*/export", { api, call throws(RequestRejection) in try await api.exportGeneration(call) }),
    (
      "GET", "/generations/*/preview.png",
      { api, call throws(RequestRejection) in try await api.generationPicture(call) }
    ),
    ("GET", "/history", { api, _ throws(RequestRejection) in try await api.history() }),
    ("POST", "/undo", { api, call throws(RequestRejection) in try await api.step(.undo, call) }),
    ("POST", "/redo", { api, call throws(RequestRejection) in try await api.step(.redo, call) }),
    ("PUT", "/generations/*/pin", { api, call throws(RequestRejection) in try await api.pin(call) }),
    ("DELETE", "/generations/*/pin", { api, call throws(RequestRejection) in try await api.unpin(call) }),
    ("POST", "/persistence/flush", { api, call throws(RequestRejection) in try await api.flush(call) }),
    ("POST", "/recovery/acknowledge", { api, call throws(RequestRejection) in try await api.acknowledgeLoss(call) }),
    ("GET", "/health", { api, _ in api.health() }),
    ("GET", "/events", { api, call throws(RequestRejection) in try api.events(call) }),
    ("GET", "/healthz", { api, _ in api.healthProbe() }),
    ("GET", "/metrics", { api, _ in api.metrics() }),
    ("GET", "/preview.png", { api, _ throws(RequestRejection) in try await api.preview() }),
    ("PUT", "/output/identify", { api, call throws(RequestRejection) in try await api.identifyOutput(call) }),
  ]
}

/// Decodes `%41`-escapes; nil if an escape is incomplete or the bytes are not UTF-8.
func percentDecoded(_ text: String) -> String? {
  var bytes: [UInt8] = []
  var rest = Substring(text).utf8
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    let digits = rest.prefix(2)
    guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt8(String(Substring(digits)), radix: 16)
    else { return nil }
    bytes.append(value)
    rest = rest.dropFirst(2)
  }
  return String(validating: bytes, as: UTF8.self)
}
