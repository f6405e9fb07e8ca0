import Foundation
import Testing

/// `skerryd-loopback` as a process of its own, its keeper's socket, and what it says.
final class DaemonProcess {
    let folder: URL
    /// For its socket and what it leaves: in memory.
    let runtime: URL
    /// Of its board.
    let name: String
    private let process = Process()
    private let keeper: Int32
    private let keeperPath: String
    private let output: URL

    static var program: URL {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("skerryd-loopback")
    }
    static var boards: String {
        "/" + (#filePath.split(separator: "/").dropLast(3) + ["boards"]).joined(separator: "/")
    }

    /// - Parameters:
    ///   - folder: to run in; its own where nil. Kept, so that another can go on there.
    ///   - board: the text of a board file instead of the bench's.
    init(
        in folder: URL? = nil, board: String? = nil, options: [String] = ["--ordinary"],
        environment: [String: String] = [:]
    ) throws {
        let folder =
            folder
            ?? FileManager.default.temporaryDirectory.appendingPathComponent(
                "skerryd-\(UUID().uuidString.prefix(8))")
        self.folder = folder
        runtime = URL(fileURLWithPath: "/dev/shm/\(folder.lastPathComponent)")
        // A name of its own, so that several run side by side.
        name = "d-\(folder.lastPathComponent.suffix(8))"
        let home = folder.appendingPathComponent("boards/\(name)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let file = home.appendingPathComponent("board.yaml")
        if let board {
            try board.write(to: file, atomically: true, encoding: .utf8)
        } else if !FileManager.default.fileExists(atPath: file.path) {
            try Self.board.write(to: file, atomically: true, encoding: .utf8)
        }
        output = folder.appendingPathComponent("words-\(UUID().uuidString.prefix(8))")
        try Data().write(to: output)
        keeperPath = folder.appendingPathComponent("k-\(UUID().uuidString.prefix(6))").path
        keeper = Self.listen(keeperPath)
        process.executableURL = Self.program
        process.arguments =
            [
                "--config", home.path, "--runtime", runtime.path, "--state", folder.path,
            ] + options
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["NOTIFY_SOCKET": keeperPath]
        ) { $1 }.merging(environment) { $1 }
        process.standardError = try FileHandle(forWritingTo: output)
    }
    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        close(keeper)
    }

    /// The bench's own board file.
    static var board: String {
        let path = "\(boards)/bench-cp2112/board.yaml"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            preconditionFailure("\(path) is not there")
        }
        return text
    }

    func start() throws { try process.run() }
    var pid: Int32 { process.processIdentifier }
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }
    /// Its exit status, 128 and the signal where one ended it; nil where it does not end in time.
    func end(within seconds: Double = 60) -> Int32? {
        let until = Date().addingTimeInterval(seconds)
        while process.isRunning, Date() < until { usleep(5000) }
        guard !process.isRunning else { return nil }
        return process.terminationReason == .exit
            ? process.terminationStatus : 128 + process.terminationStatus
    }

    var file: URL { folder.appendingPathComponent("boards/\(name)/board.yaml") }
    var state: String { runtime.appendingPathComponent("\(name).state").path }

    /// All it said to its journal.
    var words: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }
    /// All its keeper heard, datagram by datagram.
    private(set) var heard: [String] = []
    private func listen() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(keeper, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            guard count >= 0 else { return }
            heard.append(String(decoding: bytes[..<count], as: UTF8.self))
        }
    }
    /// Waits until `holds`; the times are long because machines are busy, and measure nothing.
    func wait(_ seconds: Double = 60, until holds: (DaemonProcess) -> Bool) -> Bool {
        let until = Date().addingTimeInterval(seconds)
        while Date() < until {
            listen()
            if holds(self) { return true }
            usleep(10_000)
        }
        return false
    }
    func isHeard(_ text: String) -> Bool { heard.contains { $0.contains(text) } }
    var socket: String { runtime.appendingPathComponent("\(name).sock").path }

    private static func listen(_ path: String) -> Int32 {
        let file = Foundation.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        precondition(isBound, "\(path) is free")
        return file
    }
}
