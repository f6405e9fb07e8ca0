import Foundation

/// Another process, started by its name and waited for.
struct Child {
    private let process = Process()
    private let output = Pipe()

    /// - Parameter words: a program of the PATH and its arguments.
    /// - Returns: nil where it cannot be started.
    init?(_ words: [String]) {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
    }

    var isRunning: Bool { process.isRunning }

    /// What it has printed when it ends by itself; nil where it fails.
    func text() -> String? {
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
    }

    /// Asks it to end, and waits for that.
    func end() {
        process.terminate()
        process.waitUntilExit()
    }
}
