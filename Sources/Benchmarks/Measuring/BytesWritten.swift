import DurableFiles

/// Bytes that this process has handed to write calls since its start (`wchar` of /proc/self/io): what a store and a
/// file replacement have in common, whatever the file system adds. Nil on systems that do not tell.
func bytesWritten() -> Int? {
  guard let bytes = try? DurableFile.read("/proc/self/io", limit: 4096) else { return nil }
  for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
    let words = line.split(separator: " ")
    if words.count == 2, words[0] == "wchar:" { return Int(words[1]) }
  }
  return nil
}
