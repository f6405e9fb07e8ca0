import CloseFrom
import Foundation
import Glibc
import Synchronization

/// A program that a test starts: it hears every signal, holds nothing of ours open, and says what it says into files.
///
/// Not Foundation's `Process`, and no pipes: both take the end of a child for the moment when a descriptor of theirs
/// is closed everywhere, and where many tests start programs at once another test's program may hold it too, so that
/// two tests can wait for each other without end.
public final class Child: Sendable {
    public struct Fault: Error, CustomStringConvertible {
        public let description: String
    }
    public let processIdentifier: pid_t
    private let ended = Mutex<Int32?>(nil)

    /// - Parameters:
    ///   - program: its name, looked for on the path and where Debian keeps servers, or its path.
    ///   - input, output, errors: files; what is written is written at the end of them.
    /// - Throws: ``Fault`` where it is not there or cannot be started.
    public init(
        _ program: String, _ arguments: [String], input: String = "/dev/null",
        output: String = "/dev/null", errors: String = "/dev/null"
    ) throws {
        let path = try Self.path(program)
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        let writing = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, writing, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, writing, 0o600)
        close_from(&actions, 3)
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, path, &actions, &attributes, &words, environ)
        guard status == 0 else {
            throw Fault(
                description: "\(path) cannot be started: \(String(cString: strerror(status)))")
        }
        processIdentifier = pid
    }
    deinit { end() }

    private static func path(_ program: String) throws -> String {
        if program.contains("/") { return program }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        for folder in folders.map(String.init) + ["/usr/sbin", "/usr/local/sbin", "/usr/bin"] {
            let path = "\(folder)/\(program)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw Fault(description: "there is no \(program) here: .ci/setup-tests installs it")
    }

    /// Its exit status, 128 and the signal where one ended it; nil while it runs.
    public var status: Int32? {
        ended.withLock { ended in
            if let ended { return ended }
            var raw: Int32 = 0
            guard waitpid(processIdentifier, &raw, WNOHANG) == processIdentifier else { return nil }
            ended = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
            return ended
        }
    }
    public var isRunning: Bool { status == nil }
    public func send(_ signal: Int32) {
        ended.withLock { ended in
            // Whom nobody has waited for keeps its number.
            if ended == nil { kill(processIdentifier, signal) }
        }
    }
    /// - Returns: nil where it still runs after that time.
    public func wait(seconds: Double = 60) -> Int32? {
        let end = ContinuousClock.now + .seconds(seconds)
        while status == nil && ContinuousClock.now < end { usleep(1000) }
        return status
    }
    /// Ends it for sure, whatever it does with signals.
    public func end() {
        send(SIGKILL)
        while isRunning { usleep(1000) }
    }

    /// Runs it to its end.
    /// - Returns: what it said on both its outputs, and its exit status.
    /// - Throws: ``Fault`` where it cannot be started, or does not end in time and was killed.
    public static func run(
        _ program: String, _ arguments: [String], input: String = "", seconds: Double = 60
    ) throws -> (status: Int32, text: String) {
        let folder = try TemporaryFolder()
        let (file, output) = (try folder.write("input", input), try folder.write("output", ""))
        let child = try Child(program, arguments, input: file, output: output, errors: output)
        guard let status = child.wait(seconds: seconds) else {
            child.end()
            let said = try String(contentsOfFile: output, encoding: .utf8)
            throw Fault(description: "\(program) does not end: \(said)")
        }
        return (
            status,
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self)
        )
    }
}
