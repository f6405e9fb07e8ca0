/// What one waveform's sensor sees: a sine, samples, or nothing.
struct WaveDrive: Sendable {
    enum Source: Equatable, Sendable {
        case silent
        case phasor
        /// In the wave's unit, of this step.
        case samples([Float])
        /// As the converter counts.
        case counts([Int32])
    }
    var source = Source.silent
    /// It was told a phasor once.
    private(set) var isKnown = false
    /// At the start of the step, and at its end.
    private(set) var from: Phasor
    private(set) var to: Phasor
    /// The integral of the frequency, in turns, 0 ..< 1.
    private(set) var turns = 0.0
    /// It was told a frequency: a current that was not turns with the bus.
    private(set) var hasFrequency = false

    /// - Parameter angle_turns: of its phase in a positive sequence.
    init(frequency_Hz: Double, angle_turns: Double) {
        from = Phasor(angle_turns: angle_turns, frequency_Hz: frequency_Hz)
        to = from
    }

    /// Takes an order for the step that begins.
    mutating func take(_ order: PhasorOrder, isRamp: Bool) {
        let wasSine = source == .phasor
        from = to
        if let magnitude = order.magnitude { to.magnitude = magnitude }
        if let angle = order.angle_deg { to.angle_turns = angle / 360 }
        if let frequency = order.frequency_Hz {
            to.frequency_Hz = frequency
            hasFrequency = true
        }
        if !isRamp || !wasSine { from = to }
        source = .phasor
        isKnown = true
    }

    /// One tick: the sine in it, as its phase at the start and the turns it makes.
    mutating func turn(
        _ share: TickShare, tick_s: Double, with bus: (turns: Double, from: Phasor, to: Phasor)?
    ) -> (magnitude: Double, start_turns: Double, turns: Double) {
        if let bus, !hasFrequency {
            turns = bus.turns
            (from.frequency_Hz, to.frequency_Hz) = (bus.from.frequency_Hz, bus.to.frequency_Hz)
        }
        if from == to {
            let made = to.frequency_Hz * tick_s
            let start = turns + to.angle_turns
            turns = (turns + made).fraction
            return (to.magnitude, start, made)
        }
        let middle = from.towards(to, share.middle)
        let made = middle.frequency_Hz * tick_s
        let first = from.towards(to, share.start).angle_turns
        let last = from.towards(to, share.end).angle_turns
        let start = turns + first
        turns = (turns + made).fraction
        return (middle.magnitude, start, made + last - first)
    }

    /// The step is over: the end is where the next begins. Samples were for it alone.
    mutating func endStep() {
        from = to
        switch source {
        case .samples, .counts: source = .silent
        case .silent, .phasor: break
        }
    }
}

extension Double {
    /// What is left above the whole number below.
    var fraction: Double { self - rounded(.down) }
}
