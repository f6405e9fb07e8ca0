/// Every series in numbers: what the plots show, for those who cannot see them. Taken from all
/// rows, not from the decimated ones.
enum PageSeries {
    static func table(_ trace: Trace, span: Double) -> String {
        if trace.series.isEmpty { return "" }
        let rows = trace.series.map { series in
            let summary = Summary(of: series.values)
            let cells = [
                summary.lowest.map { NumberText.figure(Double(series.values[$0])) },
                summary.lowest.map { TimeText.instant(trace.time_s[$0], span: span) },
                summary.highest.map { NumberText.figure(Double(series.values[$0])) },
                summary.highest.map { TimeText.instant(trace.time_s[$0], span: span) },
                summary.mean.map(NumberText.figure),
                summary.last.map { NumberText.figure(Double(series.values[$0])) },
                String(summary.missing),
            ]
            let numbers = cells.map { "<td class=\"number\">\($0 ?? "–")</td>" }
            return """
                <tr><th scope="row">\(Escape.html(series.label))</th>\
                <td><code>\(Escape.html(series.name))</code></td>\
                <td>\(Escape.html(series.unit.symbol))</td>\(numbers.joined())</tr>
                """
        }
        let heads = ["lowest", "at", "highest", "at", "mean", "last", "missing rows"].map {
            "<th scope=\"col\" class=\"number\">\($0)</th>"
        }
        return """
            <h2 id="series">Series in numbers</h2>
            <details class="sheet free"><summary>\(trace.series.count) series, \
            \(trace.time_s.count) rows</summary>
            <div class="scroll"><table aria-labelledby="series">
            <thead><tr><th scope="col">Series</th><th scope="col">Name</th>\
            <th scope="col">Unit</th>\(heads.joined())</tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div></details>
            """
    }

    /// Rows of the extremes, and the mean over finite rows.
    struct Summary {
        var lowest: Int?
        var highest: Int?
        var last: Int?
        var mean: Double?
        var missing = 0

        init(of values: [Float]) {
            var sum = 0.0
            for (row, value) in values.enumerated() {
                guard value.isFinite else {
                    missing += 1
                    continue
                }
                sum += Double(value)
                if lowest == nil || value < values[lowest!] { lowest = row }
                if highest == nil || value > values[highest!] { highest = row }
                last = row
            }
            let count = values.count - missing
            mean = count > 0 ? sum / Double(count) : nil
        }
    }
}
