#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The order of texts by their UTF-8 bytes, which is that of names in canonical JSON.
package enum UTF8Order {
  /// Below zero, zero or above: as `left` comes before, is equal to, or comes after `right`. Without an allocation, except
  /// for texts that Foundation on macOS stores as UTF-16.
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
