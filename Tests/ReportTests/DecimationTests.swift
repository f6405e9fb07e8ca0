import Testing

@testable import Report

@Suite("Decimation")
struct DecimationTests {
    @Test("Of every pixel column the extremes stay, and gaps stay gaps", arguments: 0..<20)
    func keeps(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let count = Int.random(in: 5000...60_000, using: &random)
        var values = (0..<count).map {
            Float($0 % 97) * 0.01 + Float.random(in: 0...1, using: &random)
        }
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            values[Int.random(in: 0..<count, using: &random)] = Float.random(
                in: -99...99, using: &random)
        }
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            let from = Int.random(in: 0..<count, using: &random)
            let to = min(count, from + Int.random(in: 1...9000, using: &random))
            for row in from..<to { values[row] = seed % 2 == 0 ? .nan : .infinity }
        }
        let points = 4000
        let rows = Decimation.rows(of: values, points: points)
        #expect(rows.count <= 2 * points)
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 })

        let kept = Set(rows)
        var problem: String?
        for bucket in 0..<points / 4 {
            let range = count * bucket / (points / 4)..<count * (bucket + 1) / (points / 4)
            let finite = range.filter { values[$0].isFinite }
            let shown = finite.filter(kept.contains)
            if finite.map({ values[$0] }).max() != shown.map({ values[$0] }).max()
                || finite.map({ values[$0] }).min() != shown.map({ values[$0] }).min()
            {
                problem = "an extreme of \(range) is lost"
            }
            if finite.first != shown.first || finite.last != shown.last {
                problem = "an end of \(range) is lost"
            }
            // A gap must come between the same neighbours as before.
            let gaps = range.filter { !values[$0].isFinite }
            if let first = gaps.first, let last = gaps.last {
                if !kept.contains(first) { problem = "the gap at \(first) is closed" }
                for edge in [first - 1, last + 1] where range.contains(edge) && !kept.contains(edge)
                {
                    if values[edge].isFinite { problem = "the edge \(edge) of a gap is lost" }
                }
            }
        }
        #expect(problem == nil, "replay with seed \(seed)")
    }

    @Test("A whole run without gaps stays within the points asked for")
    func budget() {
        let values = (0..<1_000_003).map { Float($0 % 1013) }
        let rows = Decimation.rows(of: values, points: 4000)
        #expect(rows.count <= 4000)
        #expect(rows.first == 0 && rows.last == 1_000_002)
    }

    @Test("A short run is left alone")
    func short() {
        #expect(Decimation.rows(of: [1, .nan, 3], points: 4000) == [0, 1, 2])
        #expect(Decimation.rows(of: [], points: 4) == [])
    }
}
