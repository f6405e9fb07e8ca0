import CoreMetrics
import Synchronization

/// Where a series stands: its family, and its labels as they are written.
struct Place: Hashable, Sendable {
    var family: String
    var labels: String
}

/// One series, or the set of series of one histogram.
protocol Series: AnyObject, Sendable {
    var place: Place { get }
    /// Its lines, each with its end.
    func write(into text: inout String)
}

extension Series {
    func line(_ suffix: String, _ more: String, _ value: String, into text: inout String) {
        let labels = [place.labels, more].filter { !$0.isEmpty }.joined(separator: ",")
        text += place.family + suffix
        if !labels.isEmpty { text += "{\(labels)}" }
        text += " \(value)\n"
    }
}

/// A counter or a gauge. Whole steps are counted in integers, so that a counter never stands still.
final class Number: Series {
    let place: Place
    private struct Value: Sendable {
        var whole: Int64 = 0
        var part = 0.0
    }
    private let value = Mutex(Value())

    init(_ place: Place) { self.place = place }

    func write(into text: inout String) {
        let now = value.withLock { $0 }
        line(
            "", "",
            now.part == 0 ? "\(now.whole)" : TextFormat.number(Double(now.whole) + now.part),
            into: &text)
    }

    private func replace(_ whole: Int64, _ part: Double) {
        value.withLock { $0 = Value(whole: whole, part: part) }
    }
    private func change(by amount: Double, _ sign: Double) {
        guard amount > 0, amount.isFinite else { return }
        value.withLock { $0.part += sign * amount }
    }
}

extension Number: CounterHandler, FloatingPointCounterHandler {
    /// A counter only grows: what is negative, or no number, is no step of it.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        value.withLock {
            let (sum, isBeyond) = $0.whole.addingReportingOverflow(amount)
            $0.whole = isBeyond ? .max : sum
        }
    }
    func increment(by amount: Double) { change(by: amount, 1) }
    func reset() { replace(0, 0) }
}

extension Number: MeterHandler, RecorderHandler {
    func set(_ value: Int64) { replace(value, 0) }
    func set(_ value: Double) { replace(0, value) }
    func decrement(by amount: Double) { change(by: amount, -1) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
}

/// A histogram: how many values did not exceed each bound, their sum and their number.
final class Distribution: Series {
    let place: Place
    private let bounds: [Double]
    private struct Counts: Sendable {
        /// Of each bucket by itself; the last is the one without an end.
        var each: [UInt64]
        var sum = 0.0
    }
    private let counts: Mutex<Counts>

    init(_ place: Place, bounds: [Double]) {
        self.place = place
        self.bounds = bounds
        counts = Mutex(Counts(each: Array(repeating: 0, count: bounds.count + 1)))
    }

    func write(into text: inout String) {
        let now = counts.withLock { $0 }
        var below: UInt64 = 0
        for (bound, count) in zip(bounds + [.infinity], now.each) {
            below += count
            line("_bucket", "le=\"\(TextFormat.number(bound))\"", "\(below)", into: &text)
        }
        line("_sum", "", TextFormat.number(now.sum), into: &text)
        line("_count", "", "\(below)", into: &text)
    }
}

extension Distribution: RecorderHandler, TimerHandler {
    /// No number is in no bucket, and would spoil the sum for ever: it is left out.
    func record(_ value: Double) {
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts.withLock {
            $0.each[bucket] += 1
            $0.sum += value
        }
    }
    func record(_ value: Int64) { record(Double(value)) }
    /// In seconds, as the name says.
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
