#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Orders texts by their UTF-8 bytes, the order of names in canonical JSON.
package enum UTF8Order {
  /// Negative, zero or positive if `left` precedes, equals or follows `right`. Allocates only for texts that Foundation
  /// on macOS stores as UTF-16.
  package static func compare(_ left: String, _ right: String) -> Int {
    var (left, right) = (left, right)
    return left.withUTF8 { left in
      right.withUTF8 { right in
        guard let first = left.baseAddress, let second = right.baseAddress else { return left.count - right.count }
        let order = memcmp(first, second, min(left.count, right.count))
        return order == 0 ? left.count - right.count : Int(order)
      }
    }
  }
}
