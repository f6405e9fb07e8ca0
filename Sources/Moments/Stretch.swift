import BlackBox
import Control
import Replay
import Report

/// A stretch of a controller's ring at full rate: every turn of it, lived again; or, where the board measures
/// waveforms, every sample.
///
/// Seconds are kept in a store for days; turns are in the black box alone, for as long as its ring reaches.
public struct Stretch: Sendable {
    /// Of ``trace``'s zero, nanoseconds since 1970, UTC.
    public var start_ns: Int64
    public var ticksPerSecond: Double
    /// Turns that are in the recording and could not be lived again.
    public var missed: Int
    /// Times since ``start_ns``.
    public var trace: Trace
    /// The ring as it was looked at: what holds nothing need not be read whole again.
    public var recording: Recording

    /// Of an answer: some megabytes, and half a second of work.
    public static let mostRows = 20_000
    public static let longest_s: Int64 = 60

    public enum Fault: Error, Equatable, Sendable {
        /// The recording has nothing of that time, or cannot be read.
        case nothing(String)
        /// More than may be asked for at once.
        case tooMuch(String)
        public var words: String {
            switch self {
            case .nothing(let words), .tooMuch(let words): words
            }
        }
    }

    /// - Parameters:
    ///   - ring: path of `ring.skbb`, or of a capture.
    ///   - from_ns, to_ns: nanoseconds since 1970, UTC; at most ``longest_s`` apart.
    ///   - name: whose it is.
    ///   - waves: every sample is a row, and not every turn.
    ///   - before: the same ring, as it was looked at last.
    public init(
        ring: String, from_ns: Int64, to_ns: Int64, name: String, waves: Bool = false,
        after before: Recording? = nil
    ) throws(Fault) {
        guard from_ns < to_ns, to_ns - from_ns <= Self.longest_s * 1_000_000_000 else {
            throw .tooMuch("every turn is given of at most \(Self.longest_s) s at once")
        }
        do throws(RecordingFault) {
            recording = try Recording(path: ring, after: before)
        } catch { throw .nothing(error.words) }
        // The newest start of the program that had begun by then.
        let begun = recording.runs.last { run in
            RunClock(run).begin_ns(run).map { $0 < to_ns } ?? false
        }
        guard let run = begun else {
            throw .nothing("\(name): its black box begins later, or knows no time of the day")
        }
        let clock = RunClock(run)
        guard let first = clock.tick(at: from_ns), let last = clock.tick(at: to_ns),
            let zero_ns = clock.wall_ns(at: first)
        else { throw .nothing("\(name): its black box knows no time of the day") }
        let made: RecordedSettings?
        do throws(RecordedSettings.Refusal) {
            made = try RecordedSettings(run.settings())
        } catch { made = nil }
        var plot = MomentPlot(clock, made, wantsWaves: waves)
        missed = plot.live(
            run, Tick(first)...Tick(max(first, last)), mostRows: Self.mostRows)
        guard plot.rows <= Self.mostRows else {
            throw .tooMuch(
                "more than \(Self.mostRows) rows: \(name) makes \(Int(clock.rate_Hz)) turns "
                    + "a second\(waves ? ", of several samples each" : ""); ask for less at once")
        }
        guard plot.rows > 0 else {
            throw .nothing(
                missed > 0
                    ? "\(name): \(missed) turns are there and cannot be lived again by this program: "
                        + "skerry replay says why"
                    : "\(name): its black box has no turn of that time any more, or not yet")
        }
        trace = plot.trace(title: name)
        let zero_s = clock.seconds(Tick(first))
        start_ns = zero_ns
        ticksPerSecond = clock.rate_Hz
        trace.shift(by: -zero_s)
    }
}

extension RunClock {
    /// When its oldest turn that is there was.
    fileprivate func begin_ns(_ run: Run) -> Int64? {
        run.heads.first.flatMap { wall_ns(at: $0.tick.count) }
    }
}

extension Trace {
    fileprivate mutating func shift(by seconds: Double) {
        for k in time_s.indices { time_s[k] += seconds }
        for k in events.indices { events[k].time_s += seconds }
        for n in states.indices {
            for k in states[n].changes.indices { states[n].changes[k].time_s += seconds }
        }
    }
}
