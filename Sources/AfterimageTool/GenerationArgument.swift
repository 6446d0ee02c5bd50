public import ArgumentParser
public import RecoveryWorkbench

extension GenerationSelector: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(argument)
  }
}
