import Foundation
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

struct Missing: Error, CustomStringConvertible {
    var description: String
}

/// A program of this machine.
enum Program {
    static func path(_ name: String) throws -> String {
        let folders =
            (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(
                String.init)
            + ["/usr/sbin", "/usr/bin", "/usr/local/sbin"]
        for folder in folders {
            let path = "\(folder)/\(name)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw Missing(
            description:
                "there is no \(name) here: apt-get install mosquitto mosquitto-clients openssl")
    }

    /// Runs to its end.
    static func run(_ name: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try path(name))
        process.arguments = arguments
        let errors = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let text = String(
            decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        while process.isRunning { usleep(1000) }
        guard process.terminationStatus == 0 else {
            throw Missing(description: "\(name) \(arguments.joined(separator: " ")): \(text)")
        }
    }
}

extension Process {
    /// Ends it for sure: whoever is started by a thread that hears no signals hears none but this.
    func end() {
        kill(processIdentifier, SIGKILL)
        while isRunning { usleep(1000) }
    }
}

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
    let path: String
    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }
}

/// Debian's broker on a free port of the loopback.
final class Mosquitto: Sendable {
    let port: Int
    let folder: TemporaryFolder
    private let config: String
    private let process = Mutex<Process?>(nil)

    /// - Parameter extra: lines of its config file.
    init(_ extra: String = "allow_anonymous true", folder: TemporaryFolder? = nil) throws {
        self.folder = try folder ?? TemporaryFolder()
        port = try LoopbackSocket.freePort()
        config = try self.folder.write(
            "mosquitto.conf",
            """
            listener \(port) 127.0.0.1
            persistence false
            log_type all
            log_dest stderr
            user \(NSUserName())
            \(extra)

            """)
        try start()
    }
    deinit { stop() }

    func start() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Program.path("mosquitto"))
        process.arguments = ["-c", config]
        let log = "\(folder.path)/log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: log)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        self.process.withLock { $0 = process }
        let end = Date().addingTimeInterval(20)
        while (try? LoopbackSocket(port: port)) == nil {
            guard process.isRunning && Date() < end else {
                throw Missing(
                    description: "mosquitto does not start: "
                        + ((try? String(contentsOfFile: log, encoding: .utf8)) ?? ""))
            }
            usleep(10_000)
        }
    }
    func stop() {
        process.withLock { process in
            process?.end()
            process = nil
        }
    }
}

/// Sees everything that the broker passes on, with Debian's own client.
final class Watcher: Sendable {
    struct Message: Equatable, Sendable {
        var isRetained: Bool
        var topic: String
        var payload: String
    }
    private let messages = Mutex<[Message]>([])
    private let process: Process

    init(_ port: Int, _ arguments: [String] = [], topics: [String] = ["#"]) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: try Program.path("mosquitto_sub"))
        process.arguments =
            ["-h", "127.0.0.1", "-p", "\(port)", "-V", "mqttv5", "-q", "1", "-F", "%r %t %p"]
            + arguments + topics.flatMap { ["-t", $0] }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        let rest = Mutex(Data())
        pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            guard !data.isEmpty else {
                handle.readabilityHandler = nil
                return
            }
            rest.withLock { rest in
                rest += data
                while let end = rest.firstIndex(of: 10) {
                    let line = String(decoding: rest[..<end], as: UTF8.self)
                    rest = Data(rest[rest.index(after: end)...])
                    self?.take(line)
                }
            }
        }
        try process.run()
    }
    deinit { process.end() }
    private func take(_ line: String) {
        let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return }
        messages.withLock {
            $0.append(
                Message(
                    isRetained: parts[0] == "1", topic: String(parts[1]),
                    payload: String(parts[2])))
        }
    }

    func all(_ topic: String) -> [Message] {
        messages.withLock { $0.filter { $0.topic == topic } }
    }
    func last(_ topic: String) -> String? { all(topic).last?.payload }
    func object(_ topic: String) -> [String: Any]? { last(topic).flatMap(parsed) }
    var topics: Set<String> { messages.withLock { Set($0.map(\.topic)) } }
    func forget() { messages.withLock { $0 = [] } }
}

func parsed(_ text: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
}

/// Waits for it; only a failure waits this long.
func until(
    _ what: Comment, seconds: Double = 20, sourceLocation: SourceLocation = #_sourceLocation,
    _ holds: () -> Bool
) {
    let end = Date().addingTimeInterval(seconds)
    var does = holds()
    while !does && Date() < end {
        usleep(5000)
        does = holds()
    }
    #expect(does, what, sourceLocation: sourceLocation)
}
