import Control

/// What a partner tells an input.
enum InputOrder: Equatable, Sendable {
    /// The sensor says nothing; a contact cannot be read.
    case silent
    /// Of a wave; of a trio: phase a of a positive sequence.
    case phasor(PhasorOrder)
    /// Of a trio: a, b, c; nil: as it was.
    case phases([PhasorOrder?])
    case samples([Float])
    case counts([Int32])
    case scalar(Double)
    case rawScalar(Double)
    case contact(ContactDrive.Source)
}

extension Rig {
    /// Bounds of what a partner may say.
    static let mostMagnitude = 1e7
    static let mostAngle_deg = 1e6
    static let mostFrequency_Hz = 1000.0
    static let mostScalar = 1e9

    /// Proves that an order can be given to an input; what it will be in the end.
    ///
    /// - Parameter ticks: of the step, for samples.
    func prove(_ order: InputOrder, of input: Int, ticks: Int) throws(SessionError) {
        let description = inputs[input]
        let name = description.name
        switch (order, description.place) {
        case (.silent, _): break
        case (.phasor(let phasor), .wave(let w)):
            try prove(phasor, name, isKnown: owner(input).waves[w].isKnown)
        case (.phasor(let phasor), .trio(let first)):
            try prove(phasor, name, isKnown: owner(input).waves[first].isKnown)
        case (.phases(let phases), .trio(let first)):
            for p in 0..<3 {
                guard let phase = phases[p] else { continue }
                guard owner(input).settings.waves[first + p].isFitted else {
                    throw SessionError("\(name) has no phase \(["a", "b", "c"][p])", "leave it out")
                }
                try prove(phase, name, isKnown: owner(input).waves[first + p].isKnown)
            }
        case (.samples(let samples), .wave):
            try prove(count: samples.count, name, owner(input).samplesPerTick, ticks)
            guard samples.allSatisfy({ Double($0).magnitude <= Self.mostMagnitude }) else {
                throw SessionError(
                    "\(name) has a sample that is no number in bounds", "stay within ±1e7")
            }
        case (.counts(let counts), .wave):
            try prove(count: counts.count, name, owner(input).samplesPerTick, ticks)
        case (.scalar(let value), .scalar), (.rawScalar(let value), .scalar):
            guard value.magnitude <= Self.mostScalar else {
                throw SessionError("\(name) = \(value) is out of bounds", "stay within ±1e9")
            }
        case (.contact, .contact): break
        case (_, .trio):
            throw SessionError("\(name) is a trio", "give it a phasor, a, b and c, or null")
        case (_, .wave):
            throw SessionError("\(name) is a wave", "give it a phasor, samples, or null")
        case (_, .scalar): throw SessionError("\(name) is a scalar", "give it a number, or null")
        case (_, .contact):
            throw SessionError("\(name) is a contact", "give it true, false, \"follow\" or null")
        }
    }

    private func prove(_ phasor: PhasorOrder, _ name: String, isKnown: Bool) throws(SessionError) {
        guard phasor.magnitude != nil || isKnown else {
            throw SessionError("\(name) has no magnitude yet", "say one with its first phasor")
        }
        if let m = phasor.magnitude, !(m >= 0 && m <= Self.mostMagnitude) {
            throw SessionError(
                "\(name): a magnitude of \(m) is out of bounds", "write 0 to 1e7, RMS")
        }
        if let a = phasor.angle_deg, !(a.magnitude <= Self.mostAngle_deg) {
            throw SessionError("\(name): an angle of \(a) deg is out of bounds", "stay within ±1e6")
        }
        if let f = phasor.frequency_Hz, !(f >= 0 && f <= Self.mostFrequency_Hz) {
            throw SessionError("\(name): \(f) Hz is out of bounds", "write 0 to 1000")
        }
    }
    private func prove(count: Int, _ name: String, _ each: Int, _ ticks: Int) throws(SessionError) {
        guard count == each * ticks else {
            throw SessionError(
                "\(name) has \(count) samples",
                "give it \(each * ticks): this step has \(ticks) ticks of \(each)")
        }
    }

    /// Gives an order that was proved.
    func give(_ order: InputOrder, to input: Int, isRamp: Bool) {
        let controller = owner(input)
        switch inputs[input].place {
        case .wave(let w): give(order, to: controller, wave: w, isRamp)
        case .trio(let first):
            for p in 0..<3 where controller.settings.waves[first + p].isFitted {
                switch order {
                case .phasor(var phasor):
                    if let angle = phasor.angle_deg {
                        phasor.angle_deg = angle + [0, -120, 120][p]
                    }
                    give(.phasor(phasor), to: controller, wave: first + p, isRamp)
                case .phases(let phases):
                    if let phase = phases[p] {
                        give(.phasor(phase), to: controller, wave: first + p, isRamp)
                    }
                default: give(order, to: controller, wave: first + p, isRamp)
                }
            }
        case .scalar(let channel):
            let n = Int(channel.rawValue)
            switch order {
            case .scalar(let value): controller.scalars[n].take(value, isRaw: false, isRamp: isRamp)
            case .rawScalar(let raw): controller.scalars[n].take(raw, isRaw: true, isRamp: isRamp)
            default: controller.scalars[n].silence()
            }
        case .contact(let contact):
            let n = Int(contact.rawValue)
            if case .contact(let source) = order {
                controller.contacts[n].source = source
            } else {
                controller.contacts[n].source = .deaf
            }
        }
    }

    private func give(
        _ order: InputOrder, to controller: DrivenController, wave w: Int, _ isRamp: Bool
    ) {
        switch order {
        case .phasor(let phasor): controller.waves[w].take(phasor, isRamp: isRamp)
        case .samples(let samples): controller.waves[w].source = .samples(samples)
        case .counts(let counts): controller.waves[w].source = .counts(counts)
        default: controller.waves[w].source = .silent
        }
    }
}

extension InputDescription {
    /// All that can be said to a controller.
    static func all(of controller: DrivenController) -> [InputDescription] {
        let s = controller.settings
        let needs = Controller(s).needs
        func name(_ key: String) -> String { "\(controller.name).\(key)" }
        var all: [InputDescription] = []
        let tick_s = Double(s.rate.period.value)
        for (t, trio) in trios.enumerated() {
            let fitted = (3 * t..<3 * t + 3).filter { s.waves[$0].isFitted }
            guard let first = fitted.first else { continue }
            let unit = t == 2 ? "A" : "V"
            let isNeeded = needs.meets(ChannelSet(bits: 0b111 << UInt64(3 * t)))
            let stale_s = Double(s.waves[first].staleAfter) * tick_s
            all.append(
                InputDescription(
                    name: name(trio), unit: unit, place: .trio(3 * t), isNeeded: isNeeded,
                    stale_s: stale_s))
            for w in fitted {
                let channel = s.waves[w]
                all.append(
                    InputDescription(
                        name: name(WaveChannel.allCases[w].key), unit: unit, place: .wave(w),
                        isNeeded: isNeeded, stale_s: stale_s,
                        converter: (Double(channel.gain), Double(channel.offset))))
            }
        }
        for channel in ScalarChannel.allCases where s.scalars[Int(channel.rawValue)].isFitted {
            all.append(
                InputDescription(
                    name: name(channel.key), unit: channel.unit, place: .scalar(channel),
                    isNeeded: needs.meets(.scalar(channel)),
                    stale_s: Double(s.scalars[Int(channel.rawValue)].staleAfter) * tick_s))
        }
        var contacts: [Contact] = s.coupling == nil ? [] : [.islandingSwitch]
        if s.contactor != nil { contacts += [.preCharge, .mainContactor] }
        if s.hasInverter { contacts.append(.inverterReady) }
        contacts += s.loadContacts
        for contact in contacts {
            all.append(
                InputDescription(
                    name: name(contact.key), unit: "", place: .contact(contact),
                    isNeeded: needs.meets(.contact(contact)), stale_s: nil))
        }
        return all
    }
}
