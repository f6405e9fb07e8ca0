/// A quarter of an hour of one run: each figure's least, mean and most, and energies as integers.
struct Quarter: Equatable, Sendable {
    static let length_s: Int64 = 900

    struct Span: Equatable, Sendable {
        var count: Int64 = 0
        // The mean itself is kept, not a sum: what is stored and taken up again goes on to the last bit.
        var least = Double.nan, mean = Double.nan, most = Double.nan
        mutating func add(_ value: Float) {
            guard value.isFinite else { return }
            let x = Double(value)
            (least, most) = count == 0 ? (x, x) : (min(least, x), max(most, x))
            count += 1
            mean = count == 1 ? x : mean + (x - mean) / Double(count)
        }
    }

    /// Its beginning, seconds since 1970, a multiple of `length_s`.
    var start_s: Int64
    /// As `Figure.all`.
    var spans = [Span](repeating: Span(), count: Figure.all.count)
    /// Through the measured connection, by the controller's own counters.
    var energyIn_mJ: Int64 = 0, energyOut_mJ: Int64 = 0
    /// Of each power, into the bus and out of it.
    var energies_mJ = [Int64](repeating: 0, count: 2 * Figure.powers.count)
    var readings: Int64 = 0

    init(start_s: Int64) { self.start_s = start_s }

    static func start_s(of wall_ns: Int64) -> Int64 {
        let s = wall_ns.flooredDivision(by: 1_000_000_000)
        return s.flooredDivision(by: length_s) * length_s
    }
}

extension Int64 {
    func flooredDivision(by d: Int64) -> Int64 {
        let q = self / d
        return self % d < 0 ? q - 1 : q
    }
}

/// Makes quarters of readings in their order; goes on where it stopped.
struct QuarterFold: Sendable {
    /// Quarters that have changed since they were taken, by their beginning.
    private(set) var changed: [Int64: Quarter] = [:]
    private var last: (reading: Reading, wall_ns: Int64)
    /// Between two readings farther apart powers are not known and make no energy, s.
    static let longest_s = 5.0

    /// - Parameter last: the newest reading that was folded before, and its wall time; or, of a run's
    ///   beginning, what the counters stood at, without figures.
    init(after last: (reading: Reading, wall_ns: Int64)) { self.last = last }

    /// - Parameter open: the quarter of that beginning as it stands; asked once for each.
    mutating func add(
        _ reading: Reading, wall_ns: Int64, open: (Int64) throws -> Quarter?
    ) rethrows {
        let start = Quarter.start_s(of: wall_ns)
        try need(start, open)
        changed[start]!.readings += 1
        for n in reading.values.indices { changed[start]!.spans[n].add(reading.values[n]) }
        let before = last
        try spread(
            reading.energyIn_mJ - before.reading.energyIn_mJ, before.wall_ns, wall_ns, open
        ) { $0.energyIn_mJ += $1 }
        try spread(
            reading.energyOut_mJ - before.reading.energyOut_mJ, before.wall_ns, wall_ns, open
        ) { $0.energyOut_mJ += $1 }
        let passed_s = Double(wall_ns - before.wall_ns) * 1e-9
        if !before.reading.values.isEmpty && passed_s > 0 && passed_s <= Self.longest_s {
            try addPowers(before.reading, reading, before.wall_ns, wall_ns, passed_s, open)
        }
        last = (reading, wall_ns)
    }

    mutating func take() -> [Quarter] {
        defer { changed = [:] }
        return changed.values.sorted { $0.start_s < $1.start_s }
    }

    /// Trapezoids, each side of nil by itself where both ends lie on it.
    private mutating func addPowers(
        _ a: Reading, _ b: Reading, _ from_ns: Int64, _ to_ns: Int64, _ passed_s: Double,
        _ open: (Int64) throws -> Quarter?
    ) rethrows {
        for (k, n) in Figure.powers.enumerated() {
            let (p, q) = (Double(a.values[n]), Double(b.values[n]))
            guard p.isFinite && q.isFinite else { continue }
            let (into, out) = (
                0.5 * (max(p, 0) + max(q, 0)), 0.5 * (max(-p, 0) + max(-q, 0))
            )
            for (side, watts) in [into, out].enumerated() where watts > 0 {
                let mJ = Int64((watts * passed_s * 1000).rounded())
                try spread(mJ, from_ns, to_ns, open) { $0.energies_mJ[2 * k + side] += $1 }
            }
        }
    }

    /// Divides what came between two times among the quarters it passed through, to the last millijoule.
    private mutating func spread(
        _ mJ: Int64, _ from_ns: Int64, _ to_ns: Int64, _ open: (Int64) throws -> Quarter?,
        _ give: (inout Quarter, Int64) -> Void
    ) rethrows {
        guard mJ != 0 else { return }
        let lastStart = Quarter.start_s(of: to_ns)
        var start = min(Quarter.start_s(of: from_ns), lastStart)
        // Years without a reading are one quarter's news.
        if lastStart - start > 40 * 86_400 { start = lastStart }
        let whole = Double(to_ns - from_ns)
        var given: Int64 = 0
        while true {
            let end_ns = (start + Quarter.length_s) * 1_000_000_000
            let share =
                start == lastStart || whole <= 0 ? 1 : min(1, Double(end_ns - from_ns) / whole)
            let until = share >= 1 ? mJ : Int64((Double(mJ) * share).rounded(.towardZero))
            if until != given {
                try need(start, open)
                give(&changed[start]!, until - given)
                given = until
            }
            if start == lastStart { return }
            start += Quarter.length_s
        }
    }

    private mutating func need(_ start: Int64, _ open: (Int64) throws -> Quarter?) rethrows {
        if changed[start] == nil { changed[start] = try open(start) ?? Quarter(start_s: start) }
    }
}
