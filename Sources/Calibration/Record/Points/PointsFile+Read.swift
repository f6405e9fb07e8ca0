import BoardProfile

extension PointsFile {
    /// Reads a table of points; nil, with the reasons, where any cell is wrong.
    ///
    /// - Parameters:
    ///   - bytes: the file's, UTF-8.
    ///   - file: as the person named it.
    ///   - channel: what the rows are of in a file without a column `channel`.
    public static func read(
        _ bytes: [UInt8], file: String, channel: Calibrated? = nil
    ) -> (value: PointsFile?, problems: [Problem]) {
        var problems = Problems()
        guard let table = CSVText(bytes, file: file, problems: &problems) else {
            return (nil, problems.list)
        }
        var reader = PointsReader(file: file, fallback: channel, problems: problems)
        let rows = reader.read(table)
        return (
            reader.problems.errors == 0 ? PointsFile(rows: rows) : nil, reader.problems.list
        )
    }
}

/// Reads the cells of a table of points.
private struct PointsReader {
    let file: String
    let fallback: Calibrated?
    var problems: Problems
    /// What each column of the file is; nil: one that was refused.
    var columns: [PointsFile.Column?] = []

    mutating func refuse(
        _ cell: CSVText.Cell, _ key: String, _ message: String, _ remedy: String
    ) {
        problems.add(
            Problem(
                file: file, line: cell.line, column: cell.column, key: key,
                value: cell.text.isEmpty ? nil : short(cell.text), message: message, remedy: remedy,
                width: max(1, cell.text.unicodeScalars.count)))
    }

    mutating func read(_ table: CSVText) -> [PointsFile.Row] {
        guard let head = table.rows.first else {
            problems.add(
                Problem(
                    file: file, line: 0, column: 0, message: "has no row",
                    remedy: "begin it with channel,raw,reference"))
            return []
        }
        readHead(head)
        if problems.errors > 0 { return [] }
        if table.rows.count == 1 {
            refuse(head[0], "", "names columns and has no point", "add a row for each point")
        }
        return table.rows.dropFirst().compactMap { row($0) }
    }

    private mutating func readHead(_ head: [CSVText.Cell]) {
        let names = PointsFile.Column.allCases.map(\.rawValue)
        if head.count == 1, let mark = [";", "\t"].first(where: { head[0].text.contains($0) }) {
            refuse(
                head[0], "",
                "has its cells separated by \(mark == ";" ? "semicolons" : "tabs")",
                "save it with commas between cells and points in numbers")
            return
        }
        for cell in head {
            let column = PointsFile.Column(rawValue: cell.text)
            if let column, columns.contains(column) {
                refuse(cell, cell.text, "is a column twice", "remove one of them")
            } else if column == nil {
                refuse(
                    cell, "", cell.text.isEmpty ? "is a column without a name" : "is no column",
                    nearest(cell.text, in: names).map { "write \($0)" }
                        ?? "the columns are \(names.joined(separator: ", "))")
            }
            columns.append(column)
        }
        var needed: [PointsFile.Column] = [.raw, .reference]
        if fallback == nil { needed.append(.channel) }
        for column in needed where !columns.contains(column) && !columns.contains(nil) {
            refuse(head[0], column.rawValue, "is missing", "add a column \(column.rawValue)")
        }
    }

    private mutating func row(_ cells: [CSVText.Cell]) -> PointsFile.Row? {
        let before = problems.errors
        guard cells.count == columns.count else {
            refuse(
                cells[min(cells.count, columns.count) - 1], "",
                "is in a row of \(cells.count) cells, where there are \(columns.count) columns",
                "give each row a cell for each column; a number has a point, not a comma")
            return nil
        }
        var channel = fallback
        var point = Point(raw: 0, reference: 0)
        for case (let cell, let column?) in zip(cells, columns) {
            switch column {
            case .channel: channel = self.channel(cell)
            case .time: point.at_s = time(cell) ?? 0
            default: set(column, cell, &point)
            }
        }
        guard problems.errors == before, let channel else { return nil }
        return PointsFile.Row(channel: channel, point: point, line: cells[0].line)
    }

    private mutating func channel(_ cell: CSVText.Cell) -> Calibrated? {
        if let found = Calibrated(key: cell.text) { return found }
        let keys = CalibrationProfile.keys
        refuse(
            cell, "channel", cell.text.isEmpty ? "has no value" : "is no channel",
            nearest(cell.text, in: keys).map { "write \($0)" }
                ?? "write one of \(keys.prefix(6).joined(separator: ", ")) …")
        return nil
    }

    private mutating func set(
        _ column: PointsFile.Column, _ cell: CSVText.Cell, _ point: inout Point
    ) {
        if cell.text.isEmpty {
            if column == .raw || column == .reference {
                refuse(cell, column.rawValue, "has no value", "write a number")
            }
            return
        }
        guard let number = number(cell, column) else { return }
        switch column {
        case .raw: point.raw = number
        case .deviation: point.deviation = number
        case .count:
            guard number == number.rounded() else {
                refuse(cell, column.rawValue, "is not a whole number", "write how many readings")
                return
            }
            point.count = Int(number)
        case .reference: point.reference = number
        case .referenceDeviation: point.referenceDeviation = number
        case .mean: point.mean = number
        case .phase: point.phase_deg = number
        case .referencePhase: point.referencePhase_deg = number
        case .frequency: point.frequency_Hz = number
        case .temperature: point.temperature_degC = number
        case .channel, .time: return
        }
    }

    private mutating func number(_ cell: CSVText.Cell, _ column: PointsFile.Column) -> Double? {
        let text = cell.text, key = column.rawValue
        guard let number = Self.decimal(text) else {
            let point = text.putting(".", for: ",").putting("-", for: "\u{2212}")
            if text.contains(","), Self.decimal(point) != nil {
                refuse(cell, key, "has a decimal comma", "write \(point)")
            } else {
                refuse(
                    cell, key, "is not a number", "write a number without its unit, such as 12.5")
            }
            return nil
        }
        let range = column.range
        guard number.isFinite, range.contains(number) else {
            let (low, high) = (range.lowerBound, range.upperBound)
            refuse(
                cell, key, "is \(number < low ? "below \(short(low))" : "above \(short(high))")",
                "write \(short(low)) to \(short(high))")
            return nil
        }
        return number
    }

    /// Digits, a point, a sign, an exponent; nothing else that Swift would take, such as 0x10 or nan.
    private static func decimal(_ text: String) -> Double? {
        let isPlain = text.utf8.allSatisfy {
            (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0)
        }
        return isPlain ? Double(text) : nil
    }

    private mutating func time(_ cell: CSVText.Cell) -> Double? {
        if cell.text.isEmpty { return nil }
        if let seconds = UTC.seconds(cell.text) { return seconds }
        if let seconds = Self.decimal(cell.text), UTC.range.contains(seconds) { return seconds }
        refuse(
            cell, "time", "is no time",
            "write it with its zone, such as 2026-11-22T10:00:00Z, or seconds since 1970")
        return nil
    }

    private func short(_ number: Double) -> String { YAMLLines.number(number) }

    /// At most 60 characters, on one line.
    private func short(_ text: String) -> String {
        let visible = String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        return visible.count > 60 ? visible.prefix(59) + "…" : visible
    }
}
