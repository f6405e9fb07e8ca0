import Foundation

/// One line of the bench: name, ours, the peer's, ratio, bar, `ok` or `short`, tabs between them.
struct BenchLine {
    let name: String
    let ours: Double
    /// nil: there is none to compare with.
    var peer: Double?
    /// Ours over the peer's; where there is no peer, nil.
    var ratio: Double?
    /// The most the ratio may be, or ours where there is no peer. nil: the line informs.
    var bar: Double?
    var isMissing = false

    var isShort: Bool {
        guard !isMissing else { return true }
        guard let bar else { return false }
        // Written so that what is not a number is short.
        return !((ratio ?? ours) <= bar)
    }

    var text: String {
        [
            name, Self.text(ours), isMissing ? "missing" : Self.text(peer), Self.text(ratio),
            Self.text(bar), isShort ? "short" : "ok",
        ].joined(separator: "\t")
    }

    private static func text(_ value: Double?) -> String {
        value.map { String(format: $0 < 1000 ? "%.3g" : "%.0f", $0) } ?? "-"
    }

    /// Ours and each peer in turn, A B C A B C: one line for each peer, with the medians of both
    /// figures and of the ratio of each round.
    static func compare(
        _ names: [String], ours: () -> Double, with peers: [Peer], bars: [Double?], rounds: Int = 9
    ) -> [BenchLine] {
        var mine: [Double] = []
        var theirs = [[Double]](repeating: [], count: peers.count)
        for _ in 0..<rounds {
            mine.append(ours())
            for p in peers.indices { if let f = peers[p].figure() { theirs[p].append(f) } }
        }
        return peers.indices.map { p in
            guard theirs[p].count == rounds else {
                return BenchLine(name: names[p], ours: median(mine), bar: bars[p], isMissing: true)
            }
            return BenchLine(
                name: names[p], ours: median(mine), peer: median(theirs[p]),
                ratio: median(zip(mine, theirs[p]).map { $0 / $1 }), bar: bars[p])
        }
    }
}
