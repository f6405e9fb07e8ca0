import Foundation

/// `skerry-measure latency`: how late our loop wakes, beside cyclictest, and what a turn costs. See
/// `Tests/Bench/bench-latency`, which installs the peer first.
struct LatencyBench {
    static let usage = """
        usage: skerry-measure latency [--quick] [--only NAME] [--core N] [--priority P] \
        [--folder DIR]
        """
    static let words = """
        latency-RATE-LOAD: µs from a deadline on CLOCK_MONOTONIC to the clock's reading when
        clock_nanosleep returns, to the nanosecond on both sides; the peer is cyclictest
        (rt-tests), one thread, memory locked, same SCHED_FIFO priority, same core, same rate.
        Ours turns a whole home of boards/sim-village between its sleeps: sample, tick, act, ring, on
        a village lived through beforehand. 1 kHz with 20 samples a tick, 10 kHz with 2. Ours and
        the peer's in turn; medians of the pairs. idle: nothing of ours besides. stress: stress-ng
        with a cpu worker a core, one vm of 256 MB, one io. max and gap inform: the gap is the
        longest that a busy loop at the same priority did not run in 0.4 s, the machine's own noise;
        spread is the peer's worst p99.9 over its best, what the machine makes of one program: where
        it is large, a ratio of 1.1 says little. missed: ticks we skipped in all.
        cycle-SITE: µs of one turn, p50: sample, tick, act and ring on the simulated board, the
        physics left out. -paced: the same in the 1 kHz loop above, woken from a sleep in which
        others have had the core and its caches.
        """
    /// What ours may be of cyclictest's, at p99 and p99.9.
    static let bar = 1.10
    /// What a turn may cost, p50, µs.
    static let cycleBar_us = 5.0

    let program: String
    let core: Int
    let priority: Int
    let folder: String
    /// So many of ours and theirs, each so long. Short ones and many at 10 kHz: what neighbours on the
    /// machine do changes within minutes, and 4 s hold 40 wakes beyond p99.9.
    struct Plan {
        let rate_Hz: Double
        let pairs: Int
        let seconds: Int
    }
    let plans: [Plan]

    /// - Parameter arguments: `--quick`: short runs, for trying; `--only NAME`: the groups whose name
    ///   begins so (`latency-1kHz-idle`, ..., `cycle`); `--core N`: the processor both run on.
    /// - Returns: 0; 1 where a line is short; 2 for arguments that are none.
    static func run(_ arguments: [String]) -> Int32 {
        let options = Options(arguments)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        guard let core = options.number("--core", 0...4095, default: Double(cores - 1)),
            let priority = options.number("--priority", 1...98, default: 80)
        else {
            say(usage)
            return 2
        }
        let isQuick = options.has("--quick")
        let bench = LatencyBench(
            program: CommandLine.arguments[0], core: Int(core), priority: Int(priority),
            folder: options["--folder"] ?? ".build-bench",
            plans: [
                Plan(rate_Hz: 1000, pairs: 5, seconds: isQuick ? 2 : 20),
                Plan(rate_Hz: 10_000, pairs: isQuick ? 5 : 15, seconds: isQuick ? 1 : 4),
            ])
        say("name\tours\tpeer\tratio\tbar\tok|short")
        for line in words.split(separator: "\n") { say("# \(line)") }
        say("# \(Machine.words); core \(bench.core), SCHED_FIFO \(bench.priority)")
        let awake = Machine.awake()
        if awake == nil { say("# /dev/cpu_dma_latency is not ours: processors may sleep deeply") }
        let isShort = bench.run(only: options["--only"] ?? "")
        try? awake?.close()
        return isShort ? 1 : 0
    }

    static func say(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// - Returns: whether any line is short.
    private func run(only: String) -> Bool {
        var isShort = false
        func show(_ lines: [BenchLine]) {
            for line in lines {
                print(line.text)
                isShort = isShort || line.isShort
            }
            fflush(nil)
        }
        if "cycle".hasPrefix(only) || only.hasPrefix("cycle") { show(cycles()) }
        for load in ["idle", "stress"] {
            let wanted = plans.filter { $0.name(load).hasPrefix(only) }
            guard !wanted.isEmpty else { continue }
            // Twice as long as it should take.
            let length_s = wanted.reduce(0) { $0 + 4 * $1.pairs * ($1.seconds + 5) }
            let stress = load == "stress" ? Machine.stress(folder: folder, seconds: length_s) : nil
            if load == "stress" && stress == nil { Self.say("# stress-ng: not installed") }
            for plan in wanted {
                show(
                    load == "stress" && stress == nil
                        ? [BenchLine(name: plan.name(load), ours: .nan, isMissing: true)]
                        : compare(plan.name(load), plan))
            }
            stress?.end()
        }
        return isShort
    }

    /// Ours and theirs in turn; who begins a pair changes, for what one leaves behind meets the next.
    private func compare(_ name: String, _ plan: Plan) -> [BenchLine] {
        let (rate_Hz, pairs, seconds) = (plan.rate_Hz, plan.pairs, plan.seconds)
        let peer = CyclicTest(core: core, priority: priority, folder: folder)
        var ours: [[String: Double]] = []
        var theirs: [Quantiles] = []
        for n in 1...pairs {
            let first = n % 2 == 0 ? peer.run(rate_Hz: rate_Hz, seconds: seconds) : nil
            let mine = loop(site: "home", rate_Hz: rate_Hz, seconds: Double(seconds))
            let other = first ?? peer.run(rate_Hz: rate_Hz, seconds: seconds)
            if let mine { ours.append(mine) }
            if let other { theirs.append(other) }
            let texts = [0.99, 0.999].map { q in
                let (m, o) = (mine?[Self.key(q)] ?? .nan, other?[q] ?? .nan)
                return String(format: "%.1f to %.1f", m / 1000, o / 1000)
            }
            Self.say("# \(name) \(n) of \(pairs): p99 \(texts[0]), p99.9 \(texts[1]) µs")
        }
        guard ours.count == pairs else {
            return [BenchLine(name: name, ours: .nan, isMissing: true)]
        }
        func line(_ q: Double, _ suffix: String, bar: Double?) -> BenchLine {
            let mine = ours.map { $0[Self.key(q)]! / 1000 }
            let name = "\(name)-\(suffix)"
            guard theirs.count == pairs else {
                return BenchLine(name: name, ours: median(mine), bar: bar, isMissing: true)
            }
            let other = theirs.map { $0[q] / 1000 }
            return BenchLine(
                name: name, ours: median(mine), peer: median(other),
                ratio: q == 1 ? nil : median(zip(mine, other).map { $0 / $1 }), bar: bar)
        }
        var lines = [
            line(0.5, "p50", bar: nil), line(0.99, "p99", bar: Self.bar),
            line(0.999, "p99.9", bar: Self.bar), line(1, "max", bar: nil),
            BenchLine(name: "\(name)-gap", ours: ours.map { $0["gap_ns"]! / 1000 }.max()!),
        ]
        if theirs.count == pairs {
            let tails = theirs.map { $0[0.999] }
            lines.append(BenchLine(name: "\(name)-spread", ours: tails.max()! / tails.min()!))
        }
        let missed = ours.reduce(0) { $0 + $1["skipped"]! }
        lines.append(BenchLine(name: "\(name)-missed", ours: missed))
        if rate_Hz == 1000 && name.hasSuffix("idle") {
            let cycle = median(ours.map { $0["cycle_p50_ns"]! / 1000 })
            lines.append(BenchLine(name: "cycle-home-paced", ours: cycle))
        }
        return lines
    }

    private static func key(_ q: Double) -> String {
        q == 1 ? "late_max_ns" : "late_p\(q == 0.5 ? "50" : q == 0.99 ? "99" : "99.9")_ns"
    }

    /// A turn after the other.
    private func cycles() -> [BenchLine] {
        ["home", "battery"].map { site in
            let costs = (0..<5).compactMap { _ in
                loop(site: site, rate_Hz: 1000, seconds: Double(plans[1].seconds), isFree: true)?[
                    "cycle_p50_ns"]
            }
            return BenchLine(
                name: "cycle-\(site)", ours: costs.isEmpty ? .nan : median(costs) / 1000,
                bar: Self.cycleBar_us, isMissing: costs.count < 5)
        }
    }

    /// One run of ours in a process of its own.
    private func loop(
        site: String, rate_Hz: Double, seconds: Double, isFree: Bool = false
    ) -> [String: Double]? {
        let samples = site == "home" ? rate_Hz > 1000 ? 2 : 20 : 0
        let words = [
            "taskset", "-c", "\(core)", program, "latency-loop", "--site", site, "--rate_Hz",
            "\(rate_Hz)", "--seconds", "\(seconds)", "--samples", "\(samples)", "--priority",
            "\(priority)",
        ]
        guard let text = Child(words + (isFree ? ["--free"] : []))?.text() else { return nil }
        var figures: [String: Double] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ")
            if parts.count == 2, let value = Double(parts[1]) { figures[String(parts[0])] = value }
        }
        if figures["priority"] == 0 || figures["locked"] == 0 {
            Self.say("# real-time priority or locked memory refused: run as root")
            return nil
        }
        return figures
    }
}

extension LatencyBench.Plan {
    /// `latency-1kHz-idle` and so on.
    func name(_ load: String) -> String { "latency-\(Int(rate_Hz / 1000))kHz-\(load)" }
}
