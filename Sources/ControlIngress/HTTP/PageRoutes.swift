import Hummingbird

/// The page for people: health, marks and the picture, and nothing that changes anything. Its files are in the binary.
enum PageFile {
  case html, style, script

  private var content: (bytes: [UInt8], type: String) {
    switch self {
    case .html: (PackageResources.page_html, "text/html; charset=utf-8")
    case .style: (PackageResources.page_css, "text/css; charset=utf-8")
    case .script: (PackageResources.page_js, "text/javascript; charset=utf-8")
    }
  }

  /// Scripts, styles and pictures are loaded only from this host, and no other page may embed this one in a frame.
  private static let policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  var response: Response {
    var response = Response.bytes(content.bytes, type: content.type)
    response.headers[.contentSecurityPolicy] = Self.policy
    return response
  }
}
