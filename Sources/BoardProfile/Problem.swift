/// One thing a person must (error) or should (warning) change in a file they wrote.
public struct Problem: Error, Equatable, Sendable {
    public enum Severity: String, Sendable { case error, warning }

    /// The file as the person named it, such as `boards/sim-village/board.yaml`.
    public var file: String
    /// Line and column from 1; columns count Unicode scalars. Line 0: the file as a whole.
    public var line: Int
    public var column: Int
    /// Where in the document: `homes[2].battery.capacity_Ah`, indices from 0. Empty: the document.
    public var key: String
    /// The value as written, shortened to 60 characters; nil where no value is concerned.
    public var value: String?
    /// What is wrong, without the remedy: "has a decimal comma".
    public var message: String
    /// What to do about it: "write 1.5".
    public var remedy: String
    public var severity: Severity
    /// The line of the file, for the caret; empty where there is none.
    public var excerpt: String
    /// How many characters the caret underlines, at least 1.
    public var width: Int

    public init(
        file: String, line: Int, column: Int, key: String = "", value: String? = nil,
        message: String, remedy: String, severity: Severity = .error, excerpt: String = "",
        width: Int = 1
    ) {
        (self.file, self.line, self.column) = (file, line, column)
        (self.key, self.value) = (key, value)
        (self.message, self.remedy, self.severity) = (message, remedy, severity)
        (self.excerpt, self.width) = (excerpt, width)
    }
}

extension Problem: CustomStringConvertible {
    /// `file:line:column: error: key = value: message; remedy`
    public var description: String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        let subject = subject
        return "\(place): \(severity.rawValue): \(subject.isEmpty ? "" : subject + ": ")"
            + "\(message); \(remedy)"
    }

    private var subject: String {
        guard let value else { return key }
        return key.isEmpty ? value : "\(key) = \(value)"
    }

    /// Several lines with the line of the file and a caret under the culprit.
    public var rendered: String {
        let head = "\(severity.rawValue): \(key.isEmpty ? "" : key + " ")\(message)"
        guard line > 0 else { return "\(head)\n --> \(file)\n = \(remedy)" }
        let number = String(line)
        let margin = String(repeating: " ", count: number.count)
        var text = "\(head)\n\(margin)--> \(file):\(line):\(column)\n"
        if !excerpt.isEmpty {
            let indent = String(repeating: " ", count: max(0, column - 1))
            let room = max(1, excerpt.unicodeScalars.count - column + 1)
            let caret = String(repeating: "^", count: min(max(1, width), room))
            text += "\(margin) |\n\(number) | \(excerpt)\n\(margin) | \(indent)\(caret)\n"
        }
        return text + "\(margin) = \(remedy)"
    }

    /// For machines; the names of the fields are stable.
    public var json: JSON {
        .object([
            ("file", .text(file)), ("line", .number(Double(line))),
            ("column", .number(Double(column))), ("key", .text(key)),
            ("value", value.map { .text($0) } ?? .null), ("message", .text(message)),
            ("remedy", .text(remedy)), ("severity", .text(severity.rawValue)),
        ])
    }
}

/// What was found wrong so far: at most 100 per file, handed out in line order.
public struct Problems: Sendable {
    /// The most that is kept of one file; the rest is counted.
    public static let limit = 100

    private var files: [String] = []
    private var kept: [String: [Problem]] = [:]
    private var dropped: [String: Int] = [:]
    /// How many errors were added, kept or not.
    public private(set) var errors = 0

    public init() {}

    public mutating func add(_ problem: Problem) {
        if problem.severity == .error { errors += 1 }
        if kept[problem.file] == nil {
            files.append(problem.file)
            kept[problem.file] = []
        }
        // A file that several others name is read several times; its faults are told once.
        if kept[problem.file]!.contains(problem) { return }
        if kept[problem.file]!.count < Self.limit {
            kept[problem.file]!.append(problem)
        } else {
            dropped[problem.file, default: 0] += 1
        }
    }

    /// True once a file has so many that further ones are only counted.
    public func isFull(_ file: String) -> Bool { (kept[file]?.count ?? 0) >= Self.limit }

    /// File by file in the order they were first at fault, each in line order.
    public var list: [Problem] {
        files.flatMap { file in
            let found = kept[file]!.enumerated().sorted {
                let (a, b) = ($0.element, $1.element)
                return (a.line, a.column, $0.offset) < (b.line, b.column, $1.offset)
            }.map(\.element)
            guard let more = dropped[file] else { return found }
            return found + [
                Problem(
                    file: file, line: 0, column: 0, message: "has \(more) more problems",
                    remedy: "correct these first")
            ]
        }
    }
}
