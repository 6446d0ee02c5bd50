extension Duration {
  /// For JSON: whole milliseconds, rounded down.
  var wholeMilliseconds: Int64 {
    Int64(clamping: attoseconds / 1_000_000_000_000_000)
  }

  /// For metrics, whose base unit is the second.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
