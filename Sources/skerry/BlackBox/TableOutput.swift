import ArgumentParser
import BoardProfile
import Control
import Foundation

/// Rows as CSV (RFC 4180) or as JSON objects, one a line, written as they come.
struct TableOutput {
    struct Cell {
        var name: String
        /// As CSV: a number, or nothing.
        var value: String
        var isText = false
        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
        static func text(_ name: String, _ value: String) -> Cell {
            var cell = Cell(name, value)
            cell.isText = true
            return cell
        }
    }
    private let handle: FileHandle
    private let path: String
    private let isJSON: Bool
    private var isFirst = true
    private var bytes: [UInt8] = []

    init(_ path: String?, isJSON: Bool) throws {
        self.isJSON = isJSON
        self.path = path ?? "standard output"
        guard let path else {
            handle = .standardOutput
            return
        }
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else {
            complain("\(path): cannot be written")
            throw ExitCode.cannotCreate
        }
        handle = file
    }

    mutating func add(_ row: [Cell]) throws {
        if isJSON {
            let pairs = row.map { cell -> (String, JSON) in
                let number = cell.isText ? nil : Double(cell.value)
                return (
                    cell.name,
                    cell.isText ? .text(cell.value) : number.map { .number($0) } ?? .null
                )
            }
            bytes += Array("\(JSON.object(pairs).compact)\n".utf8)
        } else {
            if isFirst {
                bytes += Array(
                    "\(row.map { Self.quoted($0.name) }.joined(separator: ","))\r\n".utf8)
            }
            bytes += Array("\(row.map { Self.quoted($0.value) }.joined(separator: ","))\r\n".utf8)
        }
        isFirst = false
        if bytes.count > 1 << 16 { try flush() }
    }
    mutating func end() throws { try flush() }

    private mutating func flush() throws {
        do {
            try handle.write(contentsOf: bytes)
        } catch {
            complain("\(path): cannot be written: \(error.localizedDescription)")
            throw ExitCode.cannotCreate
        }
        bytes.removeAll(keepingCapacity: true)
    }
    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\""
    }

    /// Slow channels as the board gave them, and the contacts.
    static func raw(_ sample: Sample) -> [Cell] {
        var cells: [Cell] = []
        for channel in ScalarChannel.allCases {
            let scalar = sample[channel]
            cells.append(
                .init("raw.\(channel.key)", scalar.raw.isFinite ? "\(scalar.raw)" : ""))
            cells.append(.init("age_ticks.\(channel.key)", "\(scalar.age)"))
        }
        for contact in Contact.allCases {
            cells.append(
                .init(
                    "contact.\(contact.key)",
                    sample.deafContacts[contact] ? "" : sample.contacts[contact] ? "1" : "0"))
        }
        return cells
    }
}
