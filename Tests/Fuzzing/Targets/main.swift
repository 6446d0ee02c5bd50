import Glibc
import LibFuzzer

// libFuzzer reads the arguments itself and passes over `--target=NAME`; it runs forks of itself with the same ones, so
// the target is chosen by an argument and not by the program's name.
_ = FuzzTarget.chosen
var argumentCount = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(LLVMFuzzerRunDriver(&argumentCount, &arguments) { data, size in FuzzTarget.run(data, size) })
