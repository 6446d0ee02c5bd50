import Hummingbird

/// The page for people. Its files are in the binary: the page needs no folder, and fits the host that serves it.
struct PageFile: Sendable {
  let bytes: [UInt8]
  let type: String
  /// Changes with the content, so that a browser keeps what it has until the host is another one.
  let tag: String

  /// Scripts, styles and pictures come from this host alone, no other page may frame it, and no text becomes markup.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

  private init(_ name: String, _ bytes: [UInt8]) {
    self.bytes = bytes
    type = Self.types.first { name.hasSuffix($0.suffix) }?.type ?? "application/octet-stream"
    tag = "\"\(String(Self.checksum(bytes), radix: 16))\""
  }

  private static let types: [(suffix: String, type: String)] = [
    (".html", "text/html; charset=utf-8"), (".css", "text/css; charset=utf-8"),
    (".mjs", "text/javascript; charset=utf-8"), (".svg", "image/svg+xml"),
  ]

  /// FNV-1a: enough to tell the versions of one file apart.
  private static func checksum(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  static let all: [String: PageFile] = Dictionary(
    uniqueKeysWithValues: contents.map { ($0.name, PageFile($0.name, $0.bytes)) })

  static func response(to call: APICall, named name: String) throws(RequestRejection) -> Response {
    guard let file = all[name] else {
      throw RequestRejection(404, "unknownRoute", "the page has no file \"\(name)\"")
    }
    let isKnown = call.request.headers[.ifNoneMatch] == file.tag
    var response = Response.bytes(isKnown ? [] : file.bytes, type: file.type, status: isKnown ? 304 : 200)
    response.headers[.contentSecurityPolicy] = policy
    response.headers[.eTag] = file.tag
    // Kept, and asked for each time: a host of another version has another page.
    response.headers[.cacheControl] = "no-cache"
    return response
  }
}
