import BoardProfile

/// A table of comma-separated values (RFC 4180), each cell with its place.
struct CSVText {
    struct Cell: Equatable {
        /// Without quotes, and without spaces around what is not quoted.
        var text: String
        /// From 1; columns count Unicode scalars.
        var line: Int
        var column: Int
    }
    /// Rows with anything in them; a row that begins with # is a comment.
    private(set) var rows: [[Cell]] = []

    /// The most a file may hold: 4 MiB, 20 000 rows of 32 cells.
    static let limit_B = 4 << 20
    static let mostRows = 20_000
    static let mostCells = 32

    /// Nil, with the reasons in `problems`, where `bytes` are no table.
    init?(_ bytes: [UInt8], file: String, problems: inout Problems) {
        func refuse(_ line: Int, _ column: Int, _ message: String, _ remedy: String) {
            problems.add(
                Problem(
                    file: file, line: line, column: column, message: message, remedy: remedy))
        }
        guard bytes.count <= Self.limit_B else {
            refuse(0, 0, "is more than \(Self.limit_B) bytes long", "split it")
            return nil
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            refuse(0, 0, "is UTF-16 text", "save it as UTF-8")
            return nil
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else {
            let lines = body.split(separator: 0x0A, omittingEmptySubsequences: false)
            let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
            refuse(bad + 1, 1, "is not UTF-8 text", "save it as UTF-8")
            return nil
        }
        var scan = Scan(text)
        while let row = scan.row() {
            switch row {
            case .failure(let fault):
                refuse(fault.line, fault.column, fault.message, fault.remedy)
                return nil
            case .success(let cells):
                if cells.allSatisfy(\.text.isEmpty) { continue }
                if cells.count > Self.mostCells {
                    refuse(
                        cells[0].line, 1, "has \(cells.count) cells", "keep it to \(Self.mostCells)"
                    )
                    return nil
                }
                if rows.count > Self.mostRows {
                    refuse(cells[0].line, 1, "is row \(rows.count)", "split the file")
                    return nil
                }
                rows.append(cells)
            }
        }
    }

    private struct Fault: Error {
        var line, column: Int
        var message, remedy: String
    }

    /// Walks the text scalar by scalar.
    private struct Scan {
        private let text: [Unicode.Scalar]
        private var at = 0
        private var line = 1
        private var start = 0

        init(_ text: String) { self.text = Array(text.unicodeScalars) }

        private var column: Int { at - start + 1 }
        private var isAtEnd: Bool { at >= text.count }
        private func isBreak(_ at: Int) -> Bool {
            text[at] == "\n" || (text[at] == "\r" && (at + 1 >= text.count || text[at + 1] == "\n"))
        }

        private mutating func endLine() {
            if !isAtEnd, text[at] == "\r" { at += 1 }
            if !isAtEnd, text[at] == "\n" { at += 1 }
            line += 1
            start = at
        }

        /// The next row; nil at the end.
        mutating func row() -> Result<[Cell], Fault>? {
            while !isAtEnd, text[at] == "#" {
                while !isAtEnd, !isBreak(at) { at += 1 }
                endLine()
            }
            if isAtEnd { return nil }
            var cells: [Cell] = []
            while true {
                switch cell() {
                case .failure(let fault): return .failure(fault)
                case .success(let cell): cells.append(cell)
                }
                if isAtEnd { return .success(cells) }
                if text[at] == "," {
                    at += 1
                    continue
                }
                endLine()
                return .success(cells)
            }
        }

        private mutating func cell() -> Result<Cell, Fault> {
            while !isAtEnd, text[at] == " " || text[at] == "\t" { at += 1 }
            if !isAtEnd, text[at] == "\"" { return quoted() }
            var cell = Cell(text: "", line: line, column: column)
            while !isAtEnd, text[at] != ",", !isBreak(at) {
                if text[at] == "\"" {
                    return .failure(
                        Fault(
                            line: line, column: column, message: "has a quote inside a cell",
                            remedy: "put the whole cell between quotes, and double the one inside"))
                }
                cell.text.unicodeScalars.append(text[at])
                at += 1
            }
            while let last = cell.text.unicodeScalars.last, last == " " || last == "\t" {
                cell.text.unicodeScalars.removeLast()
            }
            return .success(cell)
        }

        private mutating func quoted() -> Result<Cell, Fault> {
            var cell = Cell(text: "", line: line, column: column)
            at += 1
            while !isAtEnd {
                let scalar = text[at]
                if scalar == "\"" {
                    at += 1
                    guard !isAtEnd, text[at] == "\"" else { return closed(cell) }
                } else if scalar == "\n" {
                    line += 1
                    start = at + 1
                }
                cell.text.unicodeScalars.append(scalar)
                at += 1
            }
            return .failure(
                Fault(
                    line: cell.line, column: cell.column, message: "has a quote that is not closed",
                    remedy: "close it"))
        }

        private mutating func closed(_ cell: Cell) -> Result<Cell, Fault> {
            while !isAtEnd, text[at] == " " || text[at] == "\t" { at += 1 }
            if isAtEnd || text[at] == "," || isBreak(at) { return .success(cell) }
            return .failure(
                Fault(
                    line: line, column: column, message: "has something after its closing quote",
                    remedy: "put a comma there, or remove it"))
        }
    }
}
