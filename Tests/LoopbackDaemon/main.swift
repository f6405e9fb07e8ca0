import Daemon
import Loopback

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// skerryd with the virtual board's chips in place of the kernel's: `skerryd-loopback --config
// boards/bench-cp2112 ...`. The plant lives in this process and dies with it.

private func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

private let journal = Journal(isKept: false)
do throws(ServiceOptions.Refusal) {
    let options = try ServiceOptions(
        Array(CommandLine.arguments.dropFirst()), environment: variable, process: getpid())
    exit(Service(options, doors: Loopback().doors, journal: journal).run())
} catch {
    journal.say(.error, error.text)
    exit(64)
}
