import ArgumentParser
import Foundation

/// A `skerry-hub` that lives as long as a simulated run: the store and the page of what is simulated.
final class HubBeside {
    let boxes: String
    let links: String
    let address: String
    private let board: String
    private let data: String
    private let listen: String
    private let process = Process()

    init(board: String, data: String?, listen: String) {
        self.board = board
        self.listen = listen
        let name = URL(fileURLWithPath: board).lastPathComponent
        self.data = data ?? "out/live/\(name)"
        boxes = "\(self.data)/boxes"
        links = "\(self.data)/links"
        address = "http://\(listen)/"
    }

    /// - Throws: where the program or the folder cannot be had.
    func start() throws {
        try makeFolder(data)
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let own = (Bundle.main.executableURL ?? program).deletingLastPathComponent()
        process.executableURL = own.appendingPathComponent("skerry-hub")
        process.arguments = [
            "--board", board, "--links", links, "--boxes", boxes, "--store",
            "\(data)/store.sqlite", "--listen", listen,
        ]
        let log = "\(data)/hub.log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: log)
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch {
            complain(
                "skerry-hub beside this program cannot be started: \(error.localizedDescription)")
            throw ExitCode.failure
        }
        // A port that is taken ends it at once.
        Thread.sleep(forTimeInterval: 0.3)
        guard process.isRunning else {
            complain("skerry-hub ended at once:")
            complain((try? String(contentsOfFile: log, encoding: .utf8)) ?? log)
            throw ExitCode.failure
        }
    }

    func end() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }
}
