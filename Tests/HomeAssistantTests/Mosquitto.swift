import Children
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

extension Child {
    /// Runs to its end, and well.
    static func must(_ program: String, _ arguments: [String]) throws {
        let (status, text) = try run(program, arguments)
        guard status == 0 else {
            throw Missing(description: "\(program) \(arguments.joined(separator: " ")): \(text)")
        }
    }
}

/// Debian's broker on a free port of the loopback.
final class Mosquitto: Sendable {
    let port: Int
    let folder: TemporaryFolder
    private let config: String
    private let process = Mutex<Child?>(nil)

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
        let log = try folder.write("log", "")
        let process = try Child("mosquitto", ["-c", config], errors: log)
        self.process.withLock { $0 = process }
        let end = Date().addingTimeInterval(20)
        while (try? LoopbackSocket(port: port)) == nil {
            guard process.isRunning && Date() < end else {
                let words = try String(contentsOfFile: log, encoding: .utf8)
                throw Missing(description: "mosquitto does not start: \(words)")
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

/// Sees everything that the broker passes on, with Debian's own client, which writes it into a file.
final class Watcher: Sendable {
    struct Message: Equatable, Sendable {
        var isRetained: Bool
        var topic: String
        var payload: String
    }
    private struct Heard {
        var messages: [Message] = []
        var rest = Data()
    }
    private let heard = Mutex(Heard())
    private let folder: TemporaryFolder
    private let output: FileHandle
    private let process: Child

    init(_ port: Int, _ arguments: [String] = [], topics: [String] = ["#"]) throws {
        folder = try TemporaryFolder()
        let file = try folder.write("heard", "")
        output = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        process = try Child(
            "mosquitto_sub",
            ["-h", "127.0.0.1", "-p", "\(port)", "-V", "mqttv5", "-q", "1", "-F", "%r %t %p"]
                + arguments + topics.flatMap { ["-t", $0] }, output: file,
            errors: "\(folder.path)/errors")
    }

    /// What has come until now.
    private var messages: [Message] {
        heard.withLock { heard in
            heard.rest += (try? output.readToEnd()) ?? Data()
            while let end = heard.rest.firstIndex(of: 10) {
                let line = String(decoding: heard.rest[..<end], as: UTF8.self)
                heard.rest = Data(heard.rest[heard.rest.index(after: end)...])
                let parts = line.split(
                    separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
                guard parts.count == 3 else { continue }
                heard.messages.append(
                    Message(
                        isRetained: parts[0] == "1", topic: String(parts[1]),
                        payload: String(parts[2])))
            }
            return heard.messages
        }
    }
    func all(_ topic: String) -> [Message] {
        messages.filter { $0.topic == topic }
    }
    func last(_ topic: String) -> String? { all(topic).last?.payload }
    func object(_ topic: String) -> [String: Any]? { last(topic).flatMap(parsed) }
    var topics: Set<String> { Set(messages.map(\.topic)) }
    func forget() {
        _ = messages
        heard.withLock { $0.messages = [] }
    }
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
