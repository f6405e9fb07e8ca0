import Quantities

/// What the support functions hear in one tick. NaN is not known: what was, holds.
struct SupportInput: Sendable, BitwiseCopyable {
    /// By the settings' evaluation, per unit of nominal.
    var voltage: Float
    /// 0 where there is none.
    var frequency: Hertz
    /// Measured, into the bus.
    var active: Watts
    /// Voltage is normal and nothing holds power back for its sake.
    var isUndisturbed: Bool
    /// What is wished for.
    var wantedActive: Watts
    var wantedReactive: Vars
    /// Active power is what is wished for, not what is available.
    var isDispatched: Bool
}

/// The support functions together, and their order of precedence (IEEE 1547-2018, 4.7): frequency-droop
/// before the active-power limit, voltage–active power below both, the lower power each time.
struct GridSupport: Sendable, BitwiseCopyable {
    private var droop = FrequencyDroop()
    private var voltWatt = PowerCeiling()
    private var limit = PowerCeiling()
    private var voltVar = VoltVar()
    private var reactive = OpenLoopResponse()
    private var antiIslanding = AntiIslanding()
    private var before = PowerBefore()
    /// Frequency is proved to follow this follower's own reactive power: nothing else is there.
    var seesIsland: Bool { antiIslanding.isIsland }

    /// Entering service: nothing is limited, and there is no reactive power yet.
    mutating func restart() {
        droop.rest()
        voltWatt.lift()
        limit.lift()
        voltVar.restart()
        antiIslanding.restart()
        reactive.jump(to: 0)
        before = PowerBefore()
    }

    /// Powers, before ramps and the limits of the nameplate.
    mutating func step(
        _ s: InterconnectSettings, _ i: SupportInput, nominal: Hertz, elapsed: UInt32,
        passed: Double
    ) -> PowerPair {
        let out = s.nameplate.mostOut.value
        voltWatt.step(
            isEnabled: s.voltWatt.isEnabled, towards: s.voltWatt.curve.value(at: i.voltage),
            response: s.voltWatt.response, s.nameplate, passed: passed)
        limit.step(
            isEnabled: s.activeLimit.isEnabled, towards: s.activeLimit.most,
            response: s.activeLimit.response, s.nameplate, passed: passed)
        let wanted = i.isDispatched ? i.wantedActive.value / out : 1
        let normal = min(min(wanted, limit.most), voltWatt.most)
        before.step(i.active.value / out, isUndisturbed: i.isUndisturbed, passed: passed)
        droop.step(
            s.frequencyDroop, frequency: i.frequency, nominal: nominal, flowing: before.power,
            normal: normal, returnsToNormal: i.isDispatched,
            lowest: -s.nameplate.mostIn.value / out, elapsed: elapsed, passed: passed)
        let p = droop.phase == .rest ? normal : min(droop.power, voltWatt.most)

        stepReactive(s, i, passed)
        let push = antiIslanding.step(
            s.antiIslanding, frequency: i.frequency, nominal: nominal,
            share: i.active.value / s.nameplate.apparent.value, passed: passed)
        return PowerPair(
            active: Watts(p * out),
            reactive: Vars((reactive.now + push) * s.nameplate.apparent.value))
    }

    /// One lag for all modes: a change of mode is as smooth as a change of its target (4.6.3).
    private mutating func stepReactive(
        _ s: InterconnectSettings, _ i: SupportInput, _ passed: Double
    ) {
        // Its reference follows the voltage in every mode, so that the mode begins with a true one.
        let byVoltage = voltVar.target(s.voltVar, voltage: i.voltage, passed: passed)
        let target: Float
        let response: Seconds
        switch s.reactiveMode {
        case .constantPowerFactor:
            target = s.powerFactor.target(active: i.active, s.nameplate)
            response = s.powerFactor.response
        case .voltVar:
            target = byVoltage
            response = s.voltVar.response
        case .wattVar:
            target = s.wattVar.target(active: i.active, s.nameplate)
            response = s.wattVar.response
        case .constantReactive:
            target = s.constantReactive.reactive
            response = s.constantReactive.response
        case .dispatched:
            target = i.wantedReactive.value / s.nameplate.apparent.value
            response = s.constantReactive.response
        }
        reactive.step(towards: target, response: response, passed: passed)
    }
}
