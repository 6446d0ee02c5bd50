import ControlIngress
import Testing

@Test(arguments: [
  ("127.0.0.1:9000", "127.0.0.1", 9000), ("[::1]:9000", "::1", 9000), ("studio.local:0", "studio.local", 0),
  ("0.0.0.0:65535", "0.0.0.0", 65535),
])
func addressesAreReadAndWritten(_ text: String, _ host: String, _ port: Int) throws {
  let address = try ListenAddress(text)
  #expect(address == ListenAddress(host: host, port: port))
  #expect(address.description == text)
}

@Test(arguments: [
  "", "9000", ":9000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "::1:9000",
  "[::1]", "[abc]:1", "a b:1", "127.0.0.1:000001", "127.0.0.1:٣",
])
func badAddressesSayWhatIsExpected(_ text: String) {
  #expect(throws: ListenFailure.self) { try ListenAddress(text) }
}
