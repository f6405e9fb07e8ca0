/// Which rows of a long series are enough to draw it.
///
/// Rows are cut into buckets of equal count. Of each bucket stay the first, the lowest, the
/// highest and the last finite row, which draw the same line as all of them at one bucket per
/// pixel column (Jugel, Jerzak, Hackenbroich, Markl, "M4: A Visualization-Oriented Time Series Data
/// Aggregation", VLDB 2014), and the edges of its gaps, so that a gap stays a gap.
enum Decimation {
    /// Ascending row numbers. At most `points`, more only where gaps need their edges: never above
    /// twice `points`. Everything when `values` are no more than `points`.
    static func rows(of values: [Float], points: Int) -> [Int] {
        precondition(points >= 4)
        if values.count <= points { return Array(values.indices) }
        let buckets = points / 4
        var rows: [Int] = []
        rows.reserveCapacity(points)
        for bucket in 0..<buckets {
            let from = values.count * bucket / buckets
            let to = values.count * (bucket + 1) / buckets
            append(values, from..<to, to: &rows)
        }
        return rows
    }

    private static func append(_ values: [Float], _ range: Range<Int>, to rows: inout [Int]) {
        var first = -1, last = -1, lowest = -1, highest = -1
        var firstGap = -1, lastGap = -1
        for row in range {
            guard values[row].isFinite else {
                if firstGap < 0 { firstGap = row }
                lastGap = row
                continue
            }
            if first < 0 { (first, lowest, highest) = (row, row, row) }
            if values[row] < values[lowest] { lowest = row }
            if values[row] > values[highest] { highest = row }
            last = row
        }
        var kept = [first, lowest, highest, last, firstGap]
        if firstGap >= 0, first >= 0 {
            kept.append(lastGap)
            if firstGap > range.lowerBound { kept.append(firstGap - 1) }
            if lastGap + 1 < range.upperBound { kept.append(lastGap + 1) }
        }
        kept.sort()
        var previous = -1
        for row in kept where row > previous {
            rows.append(row)
            previous = row
        }
    }
}
