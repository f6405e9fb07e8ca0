import Quantities

extension RideThroughSettings {
    /// The region of these voltages (per unit) and this frequency. Only what is proved to be inside a
    /// region's bounds is in it: NaN is outside all.
    func mode(lowest: Float, highest: Float, frequency: Float) -> RideThroughMode {
        func holds(_ b: Bounds) -> Bool { lowest >= b.low && highest <= b.high }
        if holds(continuous) {
            let isNormal =
                frequency >= continuousFrequency.low && frequency <= continuousFrequency.high
            return isNormal ? .continuous : .mandatory
        }
        if holds(mandatory) { return .mandatory }
        if holds(permissive) { return .permissive }
        return holds(momentaryCessation) ? .momentaryCessation : .cease
    }
}

/// What the DER machine hears in one tick.
struct DERInput: Sendable, BitwiseCopyable {
    var now: Tick
    /// The battery, where there is one, is on the link.
    var mayRun = true
    /// Protection demands a trip, and why.
    var mustTrip = false
    var cause = Cause.none
    /// Permit service, and nobody wishes it away.
    var isPermitted = true
    /// The enter-service window has held for its whole delay and holds now.
    var isFit = false
    /// The inverter says it is ready.
    var isReady = true
    /// It is proved that active power flows through the inverter, either way.
    var flows = false
    /// A person has seen what was latched.
    var acknowledged = false
    /// The region it is in; nil where voltage is not known now.
    var mode: RideThroughMode?
}

/// The machine of a DER under a grid code; the states are drawn at ``DERState``.
struct DER: Sendable, BitwiseCopyable {
    private(set) var state = DERState.outOfService(.none)
    /// Of the last trip.
    private(set) var cause = Cause.none
    /// Share of the rated power that the enter-service ramp allows, 0 ... 1.
    private(set) var ramp: Float = 0
    /// Share of the power of before that has come back after the gates were blocked, 0 ... 1.
    private(set) var recovery: Float = 1
    /// Power went on although the gates were told to block: the inverter, or what connects it, does not
    /// obey. Stays until a person has seen it and nothing flows.
    private(set) var isDisobeyed = false
    private var flowing = 0.0
    /// Ticks for which a region has been there that blocks the gates.
    private var blocking: UInt32 = 0
    private var unready: UInt32 = 0
    // In double precision: a tick is a small part of a ramp of minutes.
    private var ramped = 0.0

    /// Nothing holds power back for the sake of an abnormal voltage.
    var isUndisturbed: Bool {
        switch state {
        case .continuous, .enteringService: recovery >= 1
        case .outOfService, .tripped, .mandatory, .permissive, .momentaryCessation, .ceased: false
        }
    }

    mutating func step(
        _ s: InterconnectSettings, _ i: DERInput, elapsed: UInt32, passed: Double
    ) {
        unready = state.isInService && !i.isReady ? longer(unready, by: elapsed) : 0
        believe(s, i, passed: passed)
        if i.mustTrip {
            trip(i.cause)
        } else if s.readyBy < .max && unready > s.readyBy {
            trip(.notReady)
        } else if !i.isPermitted || !i.mayRun {
            leave(i.isPermitted ? .none : .wish)
        } else if !state.isInService {
            if i.isFit && !isDisobeyed { enter(s, i) }
        } else if let mode = i.mode {
            ride(s, mode, i.now, elapsed: elapsed, passed: passed)
        }
    }

    /// Feedback is believed over the command.
    private mutating func believe(
        _ s: InterconnectSettings, _ i: DERInput, passed: Double
    ) {
        flowing = i.flows && !state.isEnergising ? flowing + passed : 0
        if flowing >= Double(s.obeysWithin.value) {
            if !isDisobeyed {
                trip(.welded)
                cause = .welded
            }
            isDisobeyed = true
        } else if i.acknowledged && !i.flows {
            isDisobeyed = false
        }
    }

    /// Trips from whatever is in service; the first cause of a trip is kept while it lasts.
    mutating func trip(_ why: Cause) {
        guard state.isInService else { return }
        stop()
        cause = why
        state = .tripped(why)
    }

    private mutating func leave(_ why: Cause) {
        // A trip is not forgotten for being away.
        if case .tripped = state { return }
        stop()
        state = .outOfService(why)
    }

    private mutating func stop() {
        ramped = 0
        ramp = 0
        recovery = 1
        blocking = 0
        unready = 0
    }

    private mutating func enter(_ s: InterconnectSettings, _ i: DERInput) {
        stop()
        ramped = s.enterService.ramp.value > 0 ? 0 : 1
        ramp = Float(ramped)
        state = .enteringService(since: i.now)
    }

    private mutating func ride(
        _ s: InterconnectSettings, _ mode: RideThroughMode, _ now: Tick, elapsed: UInt32,
        passed: Double
    ) {
        let wait: UInt32
        switch mode {
        case .momentaryCessation: wait = s.rideThrough.momentaryCessationAfter
        case .cease: wait = s.rideThrough.ceaseAfter
        case .continuous, .mandatory, .permissive:
            goOn(s, mode, now, passed: passed)
            return
        }
        blocking = longer(blocking, by: elapsed)
        // Until it is certain, gates go on as they are.
        guard blocking > wait || !state.isEnergising else { return }
        recovery = 0
        switch (state, mode) {
        case (.momentaryCessation, .momentaryCessation), (.ceased, .cease): break
        case (_, .momentaryCessation): state = .momentaryCessation(since: now)
        default: state = .ceased(since: now)
        }
    }

    private mutating func goOn(
        _ s: InterconnectSettings, _ mode: RideThroughMode, _ now: Tick, passed: Double
    ) {
        blocking = 0
        if state.isEnergising {
            let back = s.rideThrough.recovery.value
            recovery = back > 0 ? min(recovery + Float(passed) / back, 1) : 1
            let up = Double(s.enterService.ramp.value)
            ramped = up > 0 ? min(ramped + passed / up, 1) : 1
            ramp = Float(ramped)
        }
        switch (mode, state) {
        case (.mandatory, .mandatory), (.permissive, .permissive): break
        case (.mandatory, _): state = .mandatory(since: now)
        case (.permissive, _): state = .permissive(since: now)
        case (_, .enteringService) where ramp < 1: break
        case (_, _): state = ramp < 1 ? .enteringService(since: now) : .continuous
        }
    }
}
