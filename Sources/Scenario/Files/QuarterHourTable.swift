import BoardProfile

/// A table of recorded quarter hours: `date,time,<column>_kW,…` in comma-separated values, each
/// day whole from 00:00 to 23:45. Lines that begin with # are comments.
struct QuarterHourTable: Sendable, Equatable {
    /// In W, 96 a day, by column.
    private(set) var means: [String: [Double]] = [:]
    private(set) var columns: [String] = []
    private(set) var days: [String] = []

    /// The mean powers of one day of a column, W; nil where there is no such day or column.
    func day(_ day: String, of column: String) -> [Double]? {
        guard let n = days.firstIndex(of: day), let all = means[column] else { return nil }
        return Array(all[(96 * n)..<(96 * n + 96)])
    }

    /// Reads `source`; nil, with file, line and column of each fault, where it is not such a table.
    init?(_ source: SourceText, problems: inout Problems) {
        var reader = TableReader(source: source, problems: problems)
        let found = reader.read()
        problems = reader.problems
        guard let found else { return nil }
        self = found
    }

    fileprivate init(columns: [String], days: [String], means: [String: [Double]]) {
        (self.columns, self.days, self.means) = (columns, days, means)
    }
}

private struct TableReader {
    let source: SourceText
    var problems: Problems
    private var factors: [Double] = []

    init(source: SourceText, problems: Problems) {
        (self.source, self.problems) = (source, problems)
    }

    private mutating func refuse(
        _ line: Int, _ column: Int, _ message: String, _ remedy: String, value: Substring? = nil
    ) {
        problems.add(
            Problem(
                file: source.file, line: line, column: column, value: value.map(String.init),
                message: message, remedy: remedy,
                excerpt: line > 0 ? String(source.lines[line - 1].prefix(120)) : "",
                width: max(1, value?.count ?? 1)))
    }

    /// The cells of a line, each with its column from 1.
    private func cells(_ line: Substring) -> [(text: Substring, column: Int)] {
        var column = 1
        return line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
            defer { column += cell.unicodeScalars.count + 1 }
            return (cell, column)
        }
    }

    mutating func read() -> QuarterHourTable? {
        let before = problems.errors
        var columns: [String] = []
        var days: [String] = []
        var values: [[Double]] = []
        var rows = 0
        for (n, line) in source.lines.enumerated() where !line.isEmpty && line.first != "#" {
            let cells = cells(line)
            if columns.isEmpty {
                guard let found = header(cells, n + 1) else { return nil }
                columns = found
                values = found.map { _ in [] }
                continue
            }
            if problems.isFull(source.file) { break }
            guard cells.count == columns.count + 2 else {
                refuse(
                    n + 1, 1, "has \(cells.count) cells, not \(columns.count + 2)",
                    "give it one for each column of the header")
                continue
            }
            row(cells, n + 1, rows, &days)
            for k in columns.indices { values[k].append(number(cells[k + 2], n + 1, k)) }
            rows += 1
        }
        if columns.isEmpty {
            refuse(0, 0, "has no header", "begin it with date,time and the names of its columns")
        } else if rows % 96 != 0 || rows == 0 {
            refuse(
                0, 0, "ends after \(rows % 96) quarter hours of a day",
                "give each day all 96")
        }
        guard problems.errors == before else { return nil }
        return QuarterHourTable(
            columns: columns, days: days,
            means: Dictionary(uniqueKeysWithValues: zip(columns, values)))
    }

    private mutating func header(
        _ cells: [(text: Substring, column: Int)], _ line: Int
    ) -> [String]? {
        guard cells.count >= 3, cells[0].text == "date", cells[1].text == "time" else {
            refuse(line, 1, "is no header", "begin the table with date,time,<column>_kW")
            return nil
        }
        let before = problems.errors
        var names: [String] = []
        for cell in cells.dropFirst(2) {
            let unit = UnitSuffix(of: cell.text)
            if unit?.dimension != .power {
                refuse(
                    line, cell.column, "does not end in a unit of power", "end it in _W or _kW",
                    value: cell.text)
            } else if names.contains(String(cell.text)) {
                refuse(
                    line, cell.column, "is the name of another column",
                    "give each column its own name", value: cell.text)
            }
            names.append(String(cell.text))
            factors.append(unit?.factor ?? 1)
        }
        return problems.errors == before ? names : nil
    }

    /// The date and time of row `n`.
    private mutating func row(
        _ cells: [(text: Substring, column: Int)], _ line: Int, _ n: Int, _ days: inout [String]
    ) {
        let quarter = n % 96
        let date = String(cells[0].text)
        if quarter == 0 {
            if days.contains(date) {
                refuse(
                    line, 1, "is a day the table has already", "remove one", value: cells[0].text)
            }
            days.append(date)
        } else if date != days.last {
            refuse(
                line, 1, "begins a day before the last has its 96 quarter hours",
                "give each day all 96", value: cells[0].text)
        }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let time = "\(two(quarter / 4)):\(two(quarter % 4 * 15))"
        if cells[1].text != time {
            refuse(
                line, cells[1].column, "is not the next quarter hour", "write \(time)",
                value: cells[1].text)
        }
    }

    private mutating func number(
        _ cell: (text: Substring, column: Int), _ line: Int, _ column: Int
    ) -> Double {
        let isDecimal = cell.text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0)
        }
        guard isDecimal, let number = Double(cell.text), number.isFinite else {
            refuse(
                line, cell.column, "is not a number", "write it like 1.25", value: cell.text)
            return 0
        }
        let watts = number * factors[column]
        if watts < 0 || watts > 1e9 {
            refuse(
                line, cell.column, watts < 0 ? "is below 0" : "is above 1 GW",
                "loads and PV are both written as positive powers", value: cell.text)
        }
        return watts
    }
}
