import Testing

@testable import ControlIngress

private let hosts: [(host: String?, local: String?, status: Int?)] = [
  ("127.0.0.1:8080", "127.0.0.1", nil), ("localhost:8080", "127.0.0.1", nil), ("LOCALHOST", "127.0.0.1", nil),
  ("[::1]:8080", "::1", nil), ("127.1.2.3", "127.1.2.3", nil), ("studio.local:8080", "192.168.1.5", nil),
  ("192.168.1.5:8080", "192.168.1.5", nil), ("192.168.1.5:8080", "::ffff:192.168.1.5", nil),
  ("192.168.1.6:8080", "192.168.1.5", 403), ("evil.example:8080", "127.0.0.1", 403),
  ("127.0.0.1.evil.example", "127.0.0.1", 403), ("localhost.evil.example", "127.0.0.1", 403),
  ("127.evil.example", "127.0.0.1", 403), (nil, "127.0.0.1", 400), ("", "127.0.0.1", 400), ("[::1", "::1", 400),
]

@Test(arguments: hosts) func onlyOurOwnNamesAreAnswered(_ host: String?, _ local: String?, _ status: Int?) {
  let policy = OriginPolicy(listenHost: "studio.local")
  #expect(policy.refusal(host: host, origin: nil, localAddress: local)?.status == status)
}

@Test(arguments: [
  ("http://127.0.0.1:8080", true), ("HTTP://127.0.0.1:8080", true), ("http://127.0.0.1:9999", false),
  ("http://localhost:8080", false), ("https://evil.example", false), ("null", false), ("", false),
])
func onlyOurOwnPagesMayAsk(_ origin: String, _ isAllowed: Bool) {
  let policy = OriginPolicy(listenHost: "127.0.0.1")
  let refusal = policy.refusal(host: "127.0.0.1:8080", origin: origin, localAddress: "127.0.0.1")
  #expect(refusal?.status == (isAllowed ? nil : 403))
}

@Test(
  arguments: [
    ("cross-site", nil, false), ("Cross-Site", nil, false), ("same-site", nil, true), ("same-origin", nil, true),
    ("none", nil, true), ("unknown", nil, true), ("cross-site", "http://127.0.0.1:8080", true),
    ("same-origin", "http://evil.example", false),
  ] as [(String, String?, Bool)])
func aRequestOfAnotherSiteIsRefusedAlsoWithoutAnOrigin(_ fetchSite: String, _ origin: String?, _ isAllowed: Bool) {
  let policy = OriginPolicy(listenHost: "127.0.0.1")
  let refusal = policy.refusal(
    host: "127.0.0.1:8080", origin: origin, fetchSite: fetchSite, localAddress: "127.0.0.1")
  #expect(refusal?.status == (isAllowed ? nil : 403))
  #expect(refusal?.code == (isAllowed ? nil : "foreignOrigin"))
}
