import Foundation

/// One run of cyclictest, the yardstick of Linux for wake-ups: `clock_nanosleep` to absolute deadlines
/// on CLOCK_MONOTONIC, and how late the clock is when it returns, as ours.
struct CyclicTest {
    let core: Int
    let priority: Int
    /// Where its report may be written.
    let folder: String

    /// Beyond this it keeps no histogram, ns; it lists such wake-ups one by one instead.
    private static let span_ns = 1_000_000

    private struct Report: Decodable {
        struct Thread: Decodable {
            var histogram: [String: Int]
            var cycles: Int
        }
        var thread: [String: Thread]
    }

    /// Wake-ups of `seconds`, to the nanosecond; nil where it is missing or was refused.
    func run(rate_Hz: Double, seconds: Int) -> Quantiles? {
        let path = "\(folder)/cyclictest.json"
        try? FileManager.default.removeItem(atPath: path)
        let words = [
            "taskset", "-c", "\(core)", "cyclictest", "--threads=1", "--mlockall",
            "--priority=\(priority)", "--interval=\(Int(1e6 / rate_Hz))", "--duration=\(seconds)",
            "--quiet", "--nsecs", "--histogram=\(Self.span_ns)", "--histfile=/dev/null",
            "--spike=\(Self.span_ns - 1)", "--json=\(path)",
        ]
        guard let text = Child(words)?.text(),
            let data = FileManager.default.contents(atPath: path),
            let report = try? JSONDecoder().decode(Report.self, from: data),
            let thread = report.thread["0"]
        else { return nil }
        var counts = thread.histogram.compactMap { key, times in
            UInt32(key).map { (value: $0, times: times) }
        }
        // T: 0 Spike:  1253125: TS:  13962634463
        for line in text.split(separator: "\n") where line.contains("Spike:") {
            let parts = line.split(whereSeparator: { " :".contains($0) })
            if parts.count > 3, let value = UInt32(parts[3]) { counts.append((value, 1)) }
        }
        let quantiles = Quantiles(counts: counts.sorted { $0.value < $1.value })
        // All that it counted, or what lies at the end is missing.
        return quantiles.count >= thread.cycles ? quantiles : nil
    }
}
