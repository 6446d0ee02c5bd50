// Figures as people read them: three digits that count, with the unit.

func figure(nanoseconds: Double) -> String {
  switch nanoseconds {
  case ..<1000: "\(threeDigits(nanoseconds)) ns"
  case ..<1_000_000: "\(threeDigits(nanoseconds / 1000)) µs"
  default: "\(threeDigits(nanoseconds / 1_000_000)) ms"
  }
}

func figure(bytes: Double) -> String {
  switch bytes {
  case ..<1000: "\(threeDigits(bytes)) B"
  case ..<1_000_000: "\(threeDigits(bytes / 1000)) KB"
  default: "\(threeDigits(bytes / 1_000_000)) MB"
  }
}

func figure(times ratio: Double) -> String { "\(threeDigits(ratio)) times" }

private func threeDigits(_ number: Double) -> String {
  guard number.isFinite else { return "?" }
  let decimals = number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2
  let scale = [1.0, 10, 100][decimals]
  let rounded = (number * scale).rounded() / scale
  return decimals == 0 ? grouped(Int(rounded)) : "\(rounded)"
}

/// `216,000`.
func grouped(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var text = ""
  for (place, digit) in digits.enumerated() {
    if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return number < 0 ? "-" + text : text
}
