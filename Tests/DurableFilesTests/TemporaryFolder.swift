import Glibc

@testable import DurableFiles

/// A folder of the test's own, removed with everything in it.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  var template = Array("/tmp/afterimage-test-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else {
    throw FileFailure(path: "/tmp", call: "mkdtemp", code: errno)
  }
  let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer { removeTree(folder) }
  return try body(folder)
}

private func removeTree(_ folder: String) {
  for entry in (try? FolderListing.entries(of: folder)) ?? [] {
    let path = "\(folder)/\(entry.name)"
    if unlink(path) != 0 { removeTree(path) }
  }
  rmdir(folder)
}

func names(in folder: String) throws -> [String] {
  try FolderListing.entries(of: folder).map(\.name).sorted()
}

func permissions(of path: String) -> mode_t {
  var facts = stat()
  return stat(path, &facts) == 0 ? facts.st_mode & 0o7777 : 0
}
