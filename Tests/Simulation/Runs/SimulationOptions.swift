/// The options of `tools/simulate`.
struct SimulationOptions {
  var first: UInt64 = 1
  var seeds: UInt64 = 20_000
  /// Instead of a number of seeds: as many as fit.
  var minutes: Double?
  /// Exactly this one, instead of many.
  var seed: UInt64?
  var isVerbose = false
  var hasLyingDisk = false
  var threads = 2

  static let usage = """
    usage: tools/simulate [--seeds N] [--from SEED] [--minutes M] [--threads N] [--quick] [--lying-disk]
           tools/simulate --seed N [--verbose]

    --seeds N       this many seeds (20000)
    --from SEED     the first one (1)
    --minutes M     a soak: as many seeds as fit into M minutes
    --threads N     worlds at the same time (2); what is found does not depend on it
    --quick         300 seeds
    --lying-disk    a control: commits say OK and keep nothing; a violation must be found
    --seed N        one seed; with --verbose its whole history
    """

  /// Nil if they are invalid.
  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      switch option {
      case "--verbose": isVerbose = true
      case "--lying-disk": hasLyingDisk = true
      case "--quick": seeds = 300
      default:
        guard let text = rest.popFirst(), set(option, text) else { return nil }
      }
    }
  }

  private mutating func set(_ option: String, _ text: String) -> Bool {
    switch (option, UInt64(text)) {
    case ("--seeds", let number?) where number > 0: seeds = number
    case ("--from", let number?): first = number
    case ("--seed", let number?): seed = number
    case ("--threads", let number?) where (1...64).contains(number): threads = Int(number)
    case ("--minutes", _):
      guard let number = Double(text), number > 0 else { return false }
      minutes = number
    default: return false
    }
    return true
  }
}
