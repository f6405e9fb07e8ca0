import BoardProfile
import Control
import Words

extension Session {
    func advance(_ asked: Members) throws(SessionError) {
        let rig = try running()
        var members = asked
        var step = Rig.Step(for_s: 0)
        let for_s = try members.number("for_s", 0...Self.mostStep_s)
        let ticks = try members.whole("ticks", 0...Int(Self.mostStep_s * rig.rate_Hz))
        switch (for_s, ticks) {
        case (let seconds?, nil): step.for_s = seconds
        case (nil, let ticks?): step.for_s = Double(ticks) / rig.rate_Hz
        case (nil, nil): throw SessionError("advance says not how long", "write for_s or ticks")
        case (_?, _?): throw SessionError("advance has for_s and ticks", "write one of them")
        }
        step.isRamp = try members.choice("shape", ["hold", "ramp"]) == "ramp"
        for name in try members.texts("trace") ?? [] { step.trace.append(try rig.signal(name)) }
        let groups = Signal.Group.allCases.map(\.rawValue)
        var want = Set(Signal.Group.allCases)
        if let words = try members.texts("want") {
            want = []
            for word in words {
                guard let group = Signal.Group(rawValue: word) else {
                    throw SessionError(
                        "want has \(JSONValue.text(word).words)",
                        "there are \(groups.joined(separator: ", "))")
                }
                want.insert(group)
            }
        }
        for member in try members.object("inputs")?.members ?? [] {
            let input = try rig.input(member.name)
            step.orders.append((input, try order(member.value, for: rig.inputs[input])))
        }
        try members.finish()
        try prove(step, rig)
        guard let outcome = run(step, rig) else { return }
        reply(asked) { w in
            w.member("time_s", rig.time_s)
            w.member("tick", Int(rig.ticks))
            w.member("ticks", outcome.ticks)
            w.member("carried_s", rig.carried_s)
            if !want.isEmpty {
                w.name("controllers")
                w.object { w in
                    for controller in rig.controllers {
                        w.name(controller.name)
                        w.object { w in
                            for group in Signal.Group.allCases where want.contains(group) {
                                w.name(group.rawValue)
                                Self.write(group, of: controller, rig, into: &w)
                            }
                        }
                    }
                }
            }
            w.name("events")
            Self.write(outcome.events, rig, into: &w)
            if outcome.eventsDropped > 0 { w.member("events_dropped", outcome.eventsDropped) }
            guard !step.trace.isEmpty else { return }
            w.name("trace")
            w.object { w in
                for (k, signal) in step.trace.enumerated() {
                    w.name(rig.signals[signal].name)
                    w.list { w in
                        for t in 0..<outcome.ticks {
                            w.value(outcome.trace[t * step.trace.count + k])
                        }
                    }
                }
            }
        }
    }

    static func write(_ events: [Rig.Event], _ rig: Rig, into w: inout JSONWriter) {
        w.list { w in
            for event in events {
                w.object { w in
                    w.member("controller", event.controller)
                    w.member("time_s", Double(event.tick) / rig.rate_Hz)
                    w.member("tick", Int(event.tick))
                    w.member("kind", event.happened.kind.rawValue)
                    w.member("text", event.happened.text)
                }
            }
        }
    }

    /// One group of a controller's signals, in words where they have any.
    static func write(
        _ group: Signal.Group, of controller: DrivenController, _ rig: Rig,
        into w: inout JSONWriter
    ) {
        let skip = controller.name.utf8.count + 1
        let r = controller.record
        w.object { w in
            for n in rig.signals.indices where rig.signals[n].group == group {
                guard rig.controllers[rig.ownersOfSignals[n]] === controller else { continue }
                let signal = rig.signals[n]
                let value = signal.read(r)
                w.name(String(signal.name.utf8.dropFirst(skip)) ?? signal.name)
                switch signal.kind {
                case .line: w.value(value != 0)
                case .number: w.value(value)
                case .state(let words):
                    w.value(words[max(0, min(words.count - 1, Int(value)))])
                case .bits:
                    w.list { w in
                        for name in controller.names(of: UInt32(value)) { w.value(name) }
                    }
                }
            }
            guard group == .verdict else { return }
            w.member("blind", list: r.verdict.blind.keys)
            w.member(
                "island_cause", r.islandCause.words(controller.stages, blind: r.verdict.islandBlind)
            )
            w.member(
                "source_cause", r.sourceCause.words(controller.stages, blind: r.verdict.sourceBlind)
            )
            w.member("der_cause", r.derCause.words(controller.stages))
            w.member("contactor_cause", r.contactorCause.words(controller.stages))
        }
    }

    /// What a member of `inputs` orders.
    private func order(
        _ value: JSONValue, for input: InputDescription
    ) throws(SessionError) -> InputOrder {
        switch (value, input.kind) {
        case (.null, _): return .silent
        case (.number(let number), .scalar): return .scalar(number)
        case (.flag(let isClosed), .contact): return .contact(.told(isClosed))
        case (.text("follow"), .contact): return .contact(.follow)
        case (.numbers(let samples), .wave): return .samples(samples.map { Float($0) })
        case (.object(let object), .scalar): return try raw(object, of: input)
        case (.object(let object), .wave) where object["raw"] != nil:
            return try raw(object, of: input)
        case (.object(let object), .wave):
            var members = Members(part: object, of: input.name)
            let phasor = try phasor(&members, input)
            try members.finish()
            return .phasor(phasor)
        case (.object(let object), .trio): return try trio(object, of: input)
        default:
            let wanted =
                switch input.kind {
                case .trio: "a phasor, phases a, b and c, or null"
                case .wave: "a phasor, a list of samples, or null"
                case .scalar: "a number, or null"
                case .contact: "true, false, \"follow\" or null"
                }
            throw SessionError("\(input.name) is \(value.words)", "write \(wanted)")
        }
    }

    private func raw(_ object: JSONObject, of input: InputDescription) throws(SessionError)
        -> InputOrder
    {
        var members = Members(part: object, of: input.name)
        let value = members.take("raw")
        try members.finish()
        switch (value, input.kind) {
        case (.number(let number)?, .scalar): return .rawScalar(number)
        case (.numbers(let numbers)?, .wave):
            var counts: [Int32] = []
            counts.reserveCapacity(numbers.count)
            for number in numbers {
                guard let count = Int32(exactly: number) else {
                    throw SessionError(
                        "\(input.name) has the count \(number)", "write whole numbers of 32 bits")
                }
                counts.append(count)
            }
            return .counts(counts)
        default:
            throw SessionError("\(input.name) has no raw number", "write {\"raw\": …}")
        }
    }

    private func phasor(
        _ members: inout Members, _ input: InputDescription
    ) throws(SessionError) -> PhasorOrder {
        PhasorOrder(
            magnitude: try members.number(
                input.isCurrent ? "magnitude_A" : "magnitude_V", 0...Rig.mostMagnitude),
            angle_deg: try members.number("angle_deg", -Rig.mostAngle_deg...Rig.mostAngle_deg),
            frequency_Hz: try members.number("frequency_Hz", 0...Rig.mostFrequency_Hz))
    }

    private func trio(_ object: JSONObject, of input: InputDescription) throws(SessionError)
        -> InputOrder
    {
        var members = Members(part: object, of: input.name)
        var phases: [PhasorOrder?] = [nil, nil, nil]
        var isByPhase = false
        for (p, name) in ["a", "b", "c"].enumerated() {
            guard let part = try members.object(name) else { continue }
            isByPhase = true
            var inner = Members(part: part, of: "\(input.name).\(name)")
            phases[p] = try phasor(&inner, input)
            try inner.finish()
        }
        guard isByPhase else {
            let order = try phasor(&members, input)
            try members.finish()
            return .phasor(order)
        }
        let frequency = try members.number("frequency_Hz", 0...Rig.mostFrequency_Hz)
        try members.finish()
        for p in 0..<3 where phases[p] != nil && phases[p]!.frequency_Hz == nil {
            phases[p]!.frequency_Hz = frequency
        }
        return .phases(phases)
    }
}

extension DrivenController {
    /// The stages whose bits are set.
    func names(of bits: UInt32) -> [String] {
        guard bits != 0 else { return [] }
        return (0..<stageLimit).filter { bits >> UInt32($0) & 1 != 0 }.map { k in
            k < stages.count ? stages[k] : "stage \(k)"
        }
    }
}

extension ChannelSet {
    /// The names of the inputs in the set.
    var keys: [String] {
        guard !isEmpty else { return [] }
        return WaveChannel.allCases.filter { meets(.wave($0)) }.map(\.key)
            + ScalarChannel.allCases.filter { meets(.scalar($0)) }.map(\.key)
            + Contact.allCases.filter { meets(.contact($0)) }.map(\.key)
    }
}
