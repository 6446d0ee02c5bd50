package import Documents
package import HostClient

extension HostClient {
  /// The parsed answer of a request.
  package func json(
    _ method: String, _ path: String, _ body: String? = nil
  ) async throws -> (status: Int, json: JSONValue) {
    let answer = try await request(method, "/api/v1" + path, body: body.map { Array($0.utf8) }, timeout: .seconds(10))
    return (answer.status, try JSONParser.parse(answer.body, limits: .init(bytes: 1 << 20)))
  }

  /// A parameter of a layer in one of the views of the state.
  package func parameter(_ layer: String, _ name: String, view: String = "durable") async throws -> JSONValue? {
    let state = try await json("GET", "/state?view=\(view)").json
    return state["layers"]?.arrayValue?.first { $0["id"]?.stringValue == layer }?["parameters"]?[name]
  }
}
