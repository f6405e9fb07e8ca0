import BoardProfile
import Control
import Words

extension Session {
    func hello(_ asked: Members) throws(SessionError) {
        var members = asked
        guard rig == nil else {
            throw SessionError("there was a hello already", "send reset to begin anew")
        }
        switch members.take("protocol") {
        case .number(let version)? where version == Double(Self.version): break
        case let value:
            throw SessionError(
                .otherVersion,
                "the partner speaks protocol \(value?.words ?? "none"), and this program \(Self.version)",
                "write \"protocol\":\(Self.version), or use a partner and a skerry of one release")
        }
        var options = Rig.Options()
        options.controllers = try members.texts("controllers")
        if let allowed = terms.controllers {
            for name in options.controllers ?? [] where !allowed.contains(name) {
                throw SessionError(
                    "\(name) is not among those this program was started with",
                    "there is \(allowed.joined(separator: ", "))")
            }
        }
        let isIdeal = try members.choice("quantisation", ["channel", "ideal"]) == "ideal"
        let noise = try members.number("noise_counts", 0...100)
        if isIdeal {
            guard noise == nil else {
                throw SessionError("an ideal converter has no noise", "leave noise_counts out")
            }
            options.quantisation = .ideal
        } else if let noise {
            options.quantisation = .channel(noise_counts: noise)
        }
        options.seed = UInt64(try members.whole("seed", 0...9_007_199_254_740_991) ?? 1)
        options.watchesInverter = try members.flag("watch_inverter") ?? false
        try members.finish()
        self.options = options
        let rig = try fresh()
        self.rig = rig
        watched = Array(rig.signals.indices)
        reply(asked) { w in describe(rig, into: &w) }
    }

    private func describe(_ rig: Rig, into w: inout JSONWriter) {
        w.member("protocol", Self.version)
        w.member("program", terms.program)
        w.member("site", rig.site.name)
        w.member("title", rig.site.title)
        w.member("rate_Hz", rig.rate_Hz)
        w.member("tick_s", rig.tick_s)
        w.member("paced", terms.isPaced)
        w.name("limits")
        w.object { w in
            w.member("line_B", MessageCutter.mostLine)
            w.member("frame_B", MessageCutter.mostBody)
            w.member("advance_s", Self.mostStep_s)
            w.member("trace", Self.mostTrace)
            w.member("events", Rig.mostEvents)
            w.member("patience_s", terms.patience_s)
        }
        w.name("controllers")
        w.list { w in
            for n in rig.controllers.indices {
                w.object { w in describe(rig, controller: n, into: &w) }
            }
        }
    }

    private func describe(_ rig: Rig, controller n: Int, into w: inout JSONWriter) {
        let controller = rig.controllers[n]
        let s = controller.settings
        w.member("name", controller.name)
        w.member("kind", controller.kind)
        w.member("phases", s.phases)
        w.name("nominal")
        w.object { w in
            if s.frontEnd != .none { w.member("frequency_Hz", Double(s.nominalFrequency.value)) }
            w.member("voltage_V", Double(s.nominalVoltage.value))
            w.member("current_A", Double(s.nominalCurrent.value))
        }
        w.member("samples_per_tick", controller.samplesPerTick)
        w.member("sample_rate_Hz", rig.rate_Hz * Double(controller.samplesPerTick))
        w.name("inputs")
        w.list { w in
            for (k, input) in rig.inputs.enumerated() where rig.ownersOfInputs[k] == n {
                w.object { w in
                    w.member("number", k)
                    w.member("name", input.name)
                    w.member("kind", input.kind.rawValue)
                    w.member("unit", input.unit)
                    w.member("needed", input.isNeeded)
                    if let stale = input.stale_s { w.member("stale_s", stale) }
                    if let converter = input.converter {
                        w.member("gain", converter.gain)
                        w.member("offset", converter.offset)
                    }
                }
            }
        }
        w.name("signals")
        w.list { w in
            for (k, signal) in rig.signals.enumerated() where rig.ownersOfSignals[k] == n {
                w.object { w in
                    w.member("number", k)
                    w.member("name", signal.name)
                    w.member("group", signal.group.rawValue)
                    w.member("kind", signal.kind.word)
                    w.member("unit", signal.unit)
                    if case .state(let values) = signal.kind { w.member("values", list: values) }
                }
            }
        }
        w.member("stages", list: controller.stages)
        w.member("events", list: Happened.Kind.allCases.map(\.rawValue))
    }
}
