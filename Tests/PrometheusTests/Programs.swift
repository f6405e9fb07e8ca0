import Foundation
import Testing

/// What is missing, and how to get it.
struct Missing: Error, CustomStringConvertible {
    let program: String
    var description: String {
        "\(program) is not on the PATH; it is in Debian's package prometheus, which 'make' installs"
    }
}

/// Where a program is.
func program(_ name: String) throws -> URL {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    for folder in folders {
        let path = "\(folder)/\(name)"
        if FileManager.default.isExecutableFile(atPath: path) { return URL(fileURLWithPath: path) }
    }
    throw Missing(program: name)
}

/// What `promtool check metrics` finds; empty where all is well.
func promtool(check text: String) throws -> String {
    let process = Process()
    process.executableURL = try program("promtool")
    process.arguments = ["check", "metrics"]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
    try process.run()
    // A pipe holds 64 KiB, and promtool reads all before it writes.
    input.fileHandleForWriting.write(Data(text.utf8))
    try input.fileHandleForWriting.close()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let words = String(decoding: said, as: UTF8.self)
    return process.terminationStatus == 0
        ? words : "status \(process.terminationStatus): \(words)"
}
