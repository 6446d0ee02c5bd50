import Glibc

/// One property that must hold for all bytes there are. A target traps when it does not hold, and libFuzzer keeps the
/// input. Targets are deterministic: one input, one outcome, nothing left over for the next one.
struct FuzzTarget: Sendable {
  let name: String
  let property: @Sendable (UnsafeBufferPointer<UInt8>) -> Void

  static let all = [
    FuzzTarget(name: "json", property: jsonIsReadStrictlyAndWrittenCanonically),
    FuzzTarget(name: "osc", property: packetsAreReadWithinTheirBoundsAndWrittenAsTheyWere),
    FuzzTarget(name: "osc-pattern", property: patternsMatchAsTheReferenceDoes),
    FuzzTarget(name: "osc-commands", property: packetsLeaveAShowThatCanBeStored),
    FuzzTarget(name: "isf", property: headersDeclareUsableParameters),
    FuzzTarget(name: "preset", property: presetsThatLoadCanBeSavedAndLoaded),
    FuzzTarget(name: "import", property: importsCanBeExportedAndImported),
    FuzzTarget(name: "requests", property: requestsLeaveAShowThatCanBeStored),
    FuzzTarget(name: "documents", property: documentsAreReadOrReported),
    FuzzTarget(name: "stored-forms", property: storedFormsReadBackAsTheyWereWritten),
    FuzzTarget(name: "database", property: aDamagedDatabaseNeverGivesAnotherState),
    FuzzTarget(name: "start", property: aStartOnDamageGoesOnAirAndStores),
  ]

  /// The one that the arguments name; without one the list is printed, for tools/fuzz, and the process ends.
  static let chosen: FuzzTarget = {
    let prefix = "--target="
    let name = CommandLine.arguments.first { $0.hasPrefix(prefix) }?.dropFirst(prefix.count) ?? ""
    if let target = all.first(where: { $0.name == name }) { return target }
    print(all.map(\.name).joined(separator: "\n"))
    exit(64)
  }()

  /// libFuzzer's LLVMFuzzerTestOneInput.
  static func run(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    chosen.property(UnsafeBufferPointer(start: data, count: size))
    return 0
  }
}

/// A property of the input at hand.
func mustHold(_ holds: Bool, _ claim: @autoclosure () -> String) {
  guard holds else { fatalError("does not hold: \(claim())") }
}

/// What must not throw.
func mustSucceed<Value>(_ claim: @autoclosure () -> String, _ body: () throws -> Value) -> Value {
  do {
    return try body()
  } catch {
    fatalError("does not hold: \(claim()): \(error)")
  }
}
