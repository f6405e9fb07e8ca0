import Daemon
import Switchboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// skerryd --config BOARD: the controller as a service, without Foundation. What it does is in `Daemon`.

private func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

private let journal = Journal(isKept: variable("JOURNAL_STREAM") != nil)
do throws(ServiceOptions.Refusal) {
    let options = try ServiceOptions(
        Array(CommandLine.arguments.dropFirst()), environment: variable, process: getpid())
    exit(Service(options, doors: .kernel, journal: journal).run())
} catch {
    journal.say(.error, error.text)
    // sysexits.h: a command line that is wrong.
    exit(64)
}
