import Foundation

/// `skerry-measure bench`: what we measure, beside its peers. See `Tests/Bench/bench`, which builds
/// the peers first.
enum Bench {
    /// - Parameter arguments: `--peers DIR` with the built peers, `--full` for a whole village-day,
    ///   `--only NAME` for the groups whose name begins so.
    /// - Returns: 0, or 1 where a line is short.
    static func run(_ arguments: [String]) -> Int32 {
        let peers = value("--peers", in: arguments) ?? ".build-bench"
        let only = value("--only", in: arguments) ?? ""
        let groups: [(name: String, words: String, lines: () -> [BenchLine])] = [
            ("droop-tick", DroopBench.words, { DroopBench.lines(peers: peers) }),
            ("plant-case-A", PlantBench.words, { PlantBench.lines(peers: peers) }),
            (
                "village-day", VillageBench.words,
                { VillageBench.lines(isFull: arguments.contains("--full")) }
            ),
            ("controller-tick", ControllerBench.words, ControllerBench.lines),
        ]
        say("name\tours\tpeer\tratio\tbar\tok|short")
        say("# CPU time; medians of interleaved rounds. ratio is ours / peer: less is better.")
        var isShort = false
        for group in groups where group.name.hasPrefix(only) {
            for line in group.words.split(separator: "\n") { say("# \(line)") }
            for line in group.lines() {
                print(line.text)
                isShort = isShort || line.isShort
            }
            fflush(nil)
        }
        return isShort ? 1 : 0
    }

    private static func value(_ name: String, in arguments: [String]) -> String? {
        guard let k = arguments.firstIndex(of: name), k + 1 < arguments.count else { return nil }
        return arguments[k + 1]
    }

    private static func say(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
