import Control
import Report
import Words

/// Writes down what one board's records say, the moment it changes: trips, blind channels,
/// contactor, loads. Serves AC homes and DC batteries alike.
package struct BoardWatch {
    let name: String
    /// Names of the controller's stages, in order.
    let stages: [String]
    private var blind = ChannelSet()
    private var refused: UInt32 = 0
    private var contactor = ""
    private var lacksBattery = false
    private var syncIsLate = false
    private var loads: UInt8 = 0xFF
    private var disobedient = LineSet()

    static let groups = ["charging", "deferrable", "comfort"]

    package init(name: String, stages: [String]) {
        self.name = name
        self.stages = stages
    }

    /// What the way back to the grid says, besides its states.
    package mutating func way(_ r: Record, _ t: Double, _ trace: inout Trace) {
        if r.isSyncLate != syncIsLate {
            if r.isSyncLate {
                trace.note(t, .fault, name, "still out of step with the grid; it goes on trying")
            }
            syncIsLate = r.isSyncLate
        }
    }

    /// What protection says.
    package mutating func judgement(_ r: Record, _ t: Double, _ trace: inout Trace) {
        if r.verdict.newlyTripped != 0 {
            for k in stages.indices where r.verdict.newlyTripped & (1 << UInt32(k)) != 0 {
                trace.note(t, .trip, name, "\(stages[k]) tripped")
            }
        }
        if r.verdict.blind != blind {
            let now = r.verdict.blind
            let fresh = ChannelSet(bits: now.bits & ~blind.bits)
            let healed = ChannelSet(bits: blind.bits & ~now.bits)
            if !fresh.isEmpty {
                trace.note(t, .fault, name, "blind: \(fresh.words.joined(separator: ", "))")
            }
            if !healed.isEmpty {
                trace.note(t, .info, name, "sees again: \(healed.words.joined(separator: ", "))")
            }
            blind = now
        }
        if r.refusedSetpoints > refused {
            trace.note(t, .info, name, "setpoints outside their limits refused")
            refused = r.refusedSetpoints
        }
    }

    /// The battery contactor, into the state track `track`.
    package mutating func contactor(_ r: Record, _ t: Double, track: Int, _ trace: inout Trace) {
        let lacks = r.contactor == .open && r.contactorCause == .noBatteryVoltage
        if lacks && !lacksBattery {
            trace.note(t, .fault, name, "battery contactor stays open: no battery voltage")
        }
        lacksBattery = lacks
        guard let state = r.contactor, state.words != contactor else { return }
        trace.states[track].changes.append(.init(time_s: t, state: state.words, tone: state.tone))
        if !contactor.isEmpty {
            var text = "battery contactor \(state.words)"
            if case .waiting = state { text += " after: \(r.contactorCause.words(stages))" }
            trace.note(t, state == .welded ? .fault : .contactor, name, text)
        }
        contactor = state.words
    }

    /// The load groups, into the state track `track`.
    package mutating func loads(_ r: Record, _ t: Double, track: Int, _ trace: inout Trace) {
        if r.loads != loads {
            let shed = (0..<3).filter { r.loads & (1 << UInt8($0)) == 0 }.map { Self.groups[$0] }
            trace.states[track].changes.append(
                .init(
                    time_s: t,
                    state: shed.isEmpty ? "all on" : "shed: \(shed.joined(separator: ", "))",
                    tone: shed.isEmpty ? .normal : .attention))
            if loads != 0xFF {
                for k in 0..<3 where (r.loads ^ loads) & (1 << UInt8(k)) != 0 {
                    let on = r.loads & (1 << UInt8(k)) != 0
                    trace.note(
                        t, on ? .restore : .shed, name,
                        "\(Self.groups[k]) load \(on ? "restored" : "shed")")
                }
            }
            loads = r.loads
        }
        if r.disobedient != disobedient {
            if r.disobedient.bits & ~disobedient.bits != 0 {
                trace.note(t, .fault, name, "a load relay does not follow its output")
            }
            disobedient = r.disobedient
        }
    }
}

extension Trace {
    package mutating func note(
        _ time_s: Double, _ kind: Event.Kind, _ source: String, _ text: String
    ) {
        events.append(Event(time_s: time_s, source: source, kind: kind, text: text))
    }
}
