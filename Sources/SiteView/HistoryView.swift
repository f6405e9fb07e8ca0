import BoardProfile
import Recorder

/// What a controller's figures were over a time, for a plot.
public struct HistoryQuestion: Equatable, Sendable {
    public var controller: String
    /// Seconds since 1970, UTC.
    public var from_s: Int64, to_s: Int64
    /// 1 ... 899, of seconds, which are kept for days; or whole quarters.
    public var step_s: Int64
    public var figures: [String]

    /// Points of an answer at most.
    public static let most: Int64 = 20_000

    /// What is wrong with a question, and the remedy.
    public struct Fault: Error, Equatable, Sendable {
        public var words: String
        public init(words: String) { self.words = words }
    }

    public init(
        controller: String, from_s: Int64, to_s: Int64, step_s: Int64, figures: [String]
    ) throws(Fault) {
        guard from_s < to_s else { throw Fault(words: "from is not before to") }
        guard step_s >= 1, step_s < 900 || step_s % 900 == 0, step_s <= 366 * 86_400 else {
            throw Fault(words: "step_s is \(step_s): write 1 to 899, or a multiple of 900")
        }
        let length = to_s.subtractingReportingOverflow(from_s)
        guard !length.overflow, length.partialValue <= 200 * 366 * 86_400,
            length.partialValue / step_s <= Self.most
        else {
            throw Fault(
                words: "more than \(Self.most) points: ask for a shorter time or a larger step_s")
        }
        let known = Figure.all.map(\.column)
        for figure in figures where !known.contains(figure) {
            throw Fault(
                words: "there is no figure \(figure): there are \(known.joined(separator: ", "))")
        }
        self.controller = controller
        (self.from_s, self.to_s, self.step_s) = (from_s, to_s, step_s)
        self.figures = figures.isEmpty ? known : figures
    }
}

/// The answer, in columns.
struct HistoryColumns {
    private struct Span {
        var least = Double.nan, sum = 0.0, most = Double.nan
        var count = 0
        mutating func add(_ x: Double) {
            (least, most) = count == 0 ? (x, x) : (min(least, x), max(most, x))
            sum += x
            count += 1
        }
    }
    let question: HistoryQuestion
    private var times: [Int64] = []
    private var readings: [Int64] = []
    private var means: [[Double]], leasts: [[Double]], mosts: [[Double]]
    private var ins: [[Double]], outs: [[Double]]
    private var energyIn: [Double] = [], energyOut: [Double] = []
    private let columns: [Int]
    /// A home with a battery: that is what its inverter gives, where its own current is not measured.
    private let isHome: Bool

    init(_ question: HistoryQuestion, isHome: Bool) {
        self.question = question
        self.isHome = isHome
        let all = Figure.all.map(\.column)
        columns = question.figures.map { all.firstIndex(of: $0)! }
        let none = [[Double]](repeating: [], count: columns.count)
        (means, leasts, mosts, ins, outs) = (none, none, none, none, none)
    }

    mutating func read(_ store: Store) throws {
        if question.step_s < 900 { try readSeconds(store) } else { try readQuarters(store) }
    }

    private mutating func readQuarters(_ store: Store) throws {
        let active = Figure.all.firstIndex { $0.column == "active_W" }!
        let rows = try store.quarters(
            of: question.controller, from_s: question.from_s, to_s: question.to_s,
            step_s: question.step_s)
        for row in rows {
            times.append(row.start_s)
            readings.append(row.readings)
            energyIn.append(Double(row.energyIn_mJ) / 3.6e6)
            energyOut.append(Double(row.energyOut_mJ) / 3.6e6)
            let energies = row.energyByFigure
            for (n, column) in columns.enumerated() {
                let name = Figure.all[column].column
                var span = row.spans[column]
                var energy = energies[name] ?? (.nan, .nan)
                if isHome, name == "battery_W", span.mean.isNaN {
                    span = row.spans[active]
                    energy = (energyIn.last!, energyOut.last!)
                }
                means[n].append(span.mean)
                leasts[n].append(span.least)
                mosts[n].append(span.most)
                ins[n].append(energy.0)
                outs[n].append(energy.1)
            }
        }
    }

    private mutating func readSeconds(_ store: Store) throws {
        let active = Figure.all.firstIndex { $0.column == "active_W" }!
        var spans = [Span](repeating: Span(), count: columns.count)
        var bucket: Int64?
        var count: Int64 = 0
        let (from_s, step_s) = (question.from_s, question.step_s)
        func close(_ c: inout HistoryColumns) {
            guard let start = bucket else { return }
            c.times.append(start)
            c.readings.append(count)
            for n in c.columns.indices {
                let s = spans[n]
                c.means[n].append(s.count > 0 ? s.sum / Double(s.count) : .nan)
                c.leasts[n].append(s.least)
                c.mosts[n].append(s.most)
            }
        }
        try store.seconds(of: question.controller, from_s: from_s, to_s: question.to_s) { dated in
            let s = Int64((Double(dated.wall_ns) * 1e-9).rounded(.down))
            let start = from_s + (s - from_s) / step_s * step_s
            if start != bucket {
                close(&self)
                (bucket, count) = (start, 0)
                spans = [Span](repeating: Span(), count: columns.count)
            }
            count += 1
            for (n, column) in columns.enumerated() {
                var value = dated.reading.values[column]
                if isHome, value.isNaN, Figure.all[column].column == "battery_W" {
                    value = dated.reading.values[active]
                }
                if value.isFinite { spans[n].add(Double(value)) }
            }
        }
        close(&self)
    }

    var json: JSON {
        func list(_ values: [Double]) -> JSON { .list(values.map { number(Float($0)) }) }
        func table(_ columns: [[Double]]) -> JSON {
            .object(zip(question.figures, columns).map { ($0, list($1)) })
        }
        var pairs: [(String, JSON)] = [
            ("controller", .text(question.controller)),
            ("step_s", .number(Double(question.step_s))),
            ("figures", .list(question.figures.map { .text($0) })),
            ("t_s", .list(times.map { .number(Double($0)) })),
            ("readings", .list(readings.map { .number(Double($0)) })), ("mean", table(means)),
            ("min", table(leasts)), ("max", table(mosts)),
        ]
        guard question.step_s >= 900 else { return .object(pairs) }
        let powers = zip(question.figures, zip(ins, outs)).filter { pair in
            Figure.all.contains { $0.column == pair.0 && $0.isPower }
        }
        pairs += [
            ("in_Wh", .object(powers.map { ($0.0, list($0.1.0)) })),
            ("out_Wh", .object(powers.map { ($0.0, list($0.1.1)) })),
            ("energy_in_Wh", list(energyIn)), ("energy_out_Wh", list(energyOut)),
        ]
        return .object(pairs)
    }
}

extension HistoryQuestion {
    /// Reads the store.
    ///
    /// - Throws: an error of the store.
    public func answer(_ store: Store, _ plan: SitePlan) throws -> JSON {
        let unit = plan.unit(controller)
        var columns = HistoryColumns(
            self, isHome: unit?.kind == .home && unit?.has.contains("battery") == true)
        try columns.read(store)
        return columns.json
    }
}
