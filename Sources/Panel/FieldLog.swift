import BoardProfile
import Control
import LinuxBoard
import Report
import Scenario
import Tones
import Words

/// Turns the records of a real board into events and figures for people and for scripts.
package struct FieldLog {
    private var watch: BoardWatch
    private let name: String
    private let stages: [String]
    private var trace = Trace(title: "")
    private var events = 0
    private var converter: Bool?
    private var island = ""
    private var deaf = LineSet()
    private var suspended_ns: Int64 = 0
    private var clockFaults: UInt64 = 0
    private let period_s: Double
    private let origin_ns: Int64
    package private(set) var record = Record()
    package private(set) var recordsSeen: UInt64 = 0
    package private(set) var recordsLost: UInt64 = 0

    package init(name: String, stages: [String], period_s: Double, origin_ns: Int64) {
        watch = BoardWatch(name: name, stages: stages)
        self.name = name
        self.stages = stages
        self.period_s = period_s
        self.origin_ns = origin_ns
        trace.states = [.init(name: "contactor", label: ""), .init(name: "loads", label: "")]
    }

    package var time_s: Double { Double(record.tick.count) * period_s }

    package mutating func lost(_ count: UInt64) { recordsLost += count }

    package mutating func see(_ r: Record) {
        record = r
        recordsSeen += 1
        let t = time_s
        watch.way(r, t, &trace)
        watch.judgement(r, t, &trace)
        watch.contactor(r, t, track: 0, &trace)
        watch.loads(r, t, track: 1, &trace)
        if let state = r.islanding?.words, state != island {
            if !island.isEmpty { trace.note(t, .transition, name, state) }
            island = state
        }
        if r.command.converter.isOn != converter {
            if converter != nil || r.command.converter.isOn {
                let on = r.command.converter.isOn
                trace.note(
                    t, on ? .transition : .trip, name,
                    on
                        ? "converter on"
                        : "converter off: \(r.sourceCause.words(stages))\(r.blindnessWords)")
            }
            converter = r.command.converter.isOn
        }
    }

    /// A bus, chip or line was lost or came back.
    package mutating func see(_ entry: BoardLog.Entry) {
        let t = max(0, Double(entry.at_ns - origin_ns) * 1e-9)
        trace.note(t, entry.isRecovery ? .info : .fault, entry.part, entry.text)
    }

    /// What the loop has noticed of time so far: what is new becomes an event.
    mutating func time(suspended_ns ns: Int64, faults: UInt64) {
        if ns > suspended_ns {
            let ms = (ns - suspended_ns + 999_999) / 1_000_000
            let span = ms < 10_000 ? "\(ms) ms" : "\(ms / 1000) s"
            trace.note(time_s, .fault, "clock", "the machine was suspended for \(span)")
        }
        if faults > clockFaults {
            trace.note(time_s, .fault, "clock", "a clock of the kernel ran back; it was ignored")
        }
        (suspended_ns, clockFaults) = (ns, faults)
    }

    /// Events since the last call.
    package mutating func fresh() -> [Trace.Event] {
        defer {
            events = trace.events.count
            // A run of years keeps the newest for the view.
            if trace.events.count > 2000 {
                trace.events.removeFirst(1000)
                events -= 1000
            }
            for k in trace.states.indices where trace.states[k].changes.count > 1000 {
                trace.states[k].changes.removeFirst(500)
            }
        }
        return Array(trace.events[events...])
    }
    package var contactorCause: String {
        record.contactorCause == .none ? "" : record.contactorCause.words(stages)
    }
    package var newest: [Trace.Event] { trace.events.suffix(50) }
    package var converterWords: (words: String, tone: Tone) {
        (record.converterWords(stages), record.converterTone)
    }
}
