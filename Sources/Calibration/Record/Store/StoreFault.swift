import BoardProfile

/// Why the calibrations of a board were not changed. What was there is there still.
public struct StoreFault: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Equatable, Sendable {
        /// Another process is writing; its number, 0 where it is not known.
        case busy(pid: Int32)
        /// What was to be written is not in order.
        case refused
        /// What is there is not in order, and nothing may be added to it.
        case broken
        /// The disk.
        case disk
    }
    public var kind: Kind
    /// What is wrong and what to do about it; one or more.
    public var problems: [Problem]

    /// A line for each problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension StoreFault {
    init(_ kind: Kind, _ path: String, _ message: String, _ remedy: String) {
        self.kind = kind
        problems = [Problem(file: path, line: 0, column: 0, message: message, remedy: remedy)]
    }

    init(_ fault: DiskFault, at path: String) {
        if let pid = fault.holder {
            self.init(
                .busy(pid: pid), fault.path,
                "is held by \(pid > 0 ? "process \(pid)" : "another process"), which is writing",
                "wait until it is done, or end it")
            return
        }
        let place = fault.path.isEmpty ? path : fault.path
        self.init(
            .disk, place, "\(fault.what): \(fault.reason)",
            fault.isForbidden
                ? "run as the user that owns the folder, or as root"
                : "see that the disk is whole, mounted for writing and not full")
    }
}

/// What came of reading a file of the store.
public struct StoreReading<Value: Sendable>: Sendable {
    /// Nil: there is none, or `problems` says why it cannot be used.
    public var value: Value?
    /// Errors, which leave no value, and warnings, which say what was passed over.
    public var problems: [Problem]
    /// Where things stand in the file, for whoever checks the value further.
    public var places: FilePlaces

    public init(value: Value?, problems: [Problem], places: FilePlaces) {
        (self.value, self.problems, self.places) = (value, problems, places)
    }

    public var errors: [Problem] { problems.filter { $0.severity == .error } }
}

/// The lines of a file of ours, by key path, so that what is found wrong later is told with its place.
public struct FilePlaces: Equatable, Sendable {
    public var file: String
    var lines: [Substring]

    /// - Parameter text: as written by this program; empty: the problem is told without a line.
    public init(file: String, text: String = "") {
        self.file = file
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// A problem with the value at `key`: `nominal.gain`, `points[3].raw`.
    public func problem(
        _ key: String, value: String? = nil, _ message: String, _ remedy: String,
        _ severity: Problem.Severity = .error
    ) -> Problem {
        guard let (n, column, width) = place(key) else {
            return Problem(
                file: file, line: 0, column: 0, key: key, value: value, message: message,
                remedy: remedy, severity: severity)
        }
        return Problem(
            file: file, line: n + 1, column: column + 1, key: key, value: value, message: message,
            remedy: remedy, severity: severity, excerpt: String(lines[n].prefix(200)), width: width)
    }

    /// The line from 0, the column from 0 and the width of what stands at `key`.
    private func place(_ key: String) -> (Int, Int, Int)? {
        var (at, indent) = (0, 0)
        var found: (Int, Int, Int)?
        for step in key.split(separator: ".") {
            let name = step.prefix { $0 != "[" }
            let start = String(repeating: " ", count: indent) + name + ":"
            guard let n = lines.indices.dropFirst(at).first(where: { lines[$0].hasPrefix(start) })
            else { return found }
            let from = min(start.count + 1, lines[n].count)
            let hasValue = lines[n].count > start.count
            found =
                hasValue ? (n, from, max(1, lines[n].count - from)) : (n, indent, name.count)
            (at, indent) = (n + 1, indent + 2)
            // An item has a line of its own; its keys are on it.
            guard let item = Int(step.dropFirst(name.count + 1).dropLast()) else { continue }
            guard lines.indices.contains(at + item) else { return found }
            return (at + item, indent + 2, max(1, lines[at + item].count - indent - 2))
        }
        return found
    }
}
