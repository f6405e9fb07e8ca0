import Quantities

extension Controller {
    /// The DER under its grid code: its machine, its support functions, and its command.
    mutating func decideDER(
        _ sample: Sample, _ wish: Setpoints, _ elapsed: UInt32, _ record: inout Record
    ) {
        let m = record.measured
        let passed = Double(elapsed) * Double(rate.period.value)
        let wasInService = der!.state.isInService
        let holds = derWindow.step(m.bus, presence: record.busPresence, elapsed: elapsed)
        let isPermitted =
            interconnect!.enterService.isPermitted && wish.connect && !wish.island
        // The delay begins when it is out of service and may enter, and is longer by what was drawn.
        if wasInService || !isPermitted { derWindow.restart() }
        let wait = UInt64(derWindow.window.delay) + UInt64(derDraw)
        let sees = m.bus.isSettled && !m.blind.meets(.busVoltages)
        var input = DERInput(now: clock)
        input.mayRun = contactor?.isClosed ?? true
        input.mustTrip = record.verdict.mustCease || record.verdict.mustTripSource
        input.cause =
            record.verdict.mustCease ? record.verdict.ceaseCause : record.verdict.sourceCause
        input.isPermitted = isPermitted
        input.isFit = holds && UInt64(derWindow.held) >= wait
        input.isReady = sample.contacts[Contact.inverterReady]
        // 5 % of the rating: above what a filter, a meter's offset and the inverter's own supply make.
        input.flows =
            sees && !m.blind.meets(.currents)
            && m.bus.active.magnitude.value > 0.05 * interconnect!.nameplate.apparent.value
        input.acknowledged = wish.acknowledge
        if sees {
            let nominal = nominalVoltage.value
            input.mode = interconnect!.rideThrough.mode(
                lowest: m.bus.lowest.value / nominal, highest: m.bus.highest.value / nominal,
                frequency: m.bus.frequency.value)
        }
        der!.step(interconnect!, input, elapsed: elapsed, passed: passed)
        if der!.state.isInService && !wasInService { support.restart() }
        if !der!.state.isInService && wasInService { draw() }

        record.der = der!.state
        record.derCause = der!.cause
        record.command.outputs[Output.inverterEnable] = der!.state.isInService
        record.command.inverter.frequency = nominalFrequency
        record.command.inverter.voltage = nominalVoltage
        guard der!.state.isEnergising else { return }
        // While the gates are blocked all functions hold what they had.
        let powers = supported(
            m, sees: sees, wish, isDispatched: interconnect!.isDispatched,
            isUndisturbed: der!.isUndisturbed, elapsed: elapsed, passed: passed)
        record.command.inverter.mode = .follow
        record.command.inverter.active = powers.active
        record.command.inverter.reactive = powers.reactive
        if support.seesIsland { tripDER(.unintentionalIsland) }
    }

    /// Powers as the support functions want them, inside ramps and the nameplate.
    mutating func supported(
        _ m: Measured, sees: Bool, _ wish: Setpoints, isDispatched: Bool, isUndisturbed: Bool,
        elapsed: UInt32, passed: Double
    ) -> PowerPair {
        let weighs = sees && !m.blind.meets(.currents)
        let volts =
            interconnect!.voltageEvaluation == .positiveSequence
            ? m.bus.positive.value
            : (m.bus.phaseA.value + m.bus.phaseB.value + m.bus.phaseC.value) * (1 / 3)
        let voltage = sees ? volts / nominalVoltage.value : .nan
        let active = weighs ? m.bus.active : Watts(.nan)
        var powers = support.step(
            interconnect!,
            SupportInput(
                voltage: voltage, frequency: sees ? m.bus.frequency : .zero, active: active,
                isUndisturbed: isUndisturbed, wantedActive: wish.active,
                wantedReactive: wish.reactive, isDispatched: isDispatched),
            nominal: nominalFrequency, elapsed: elapsed, passed: passed)
        if let der {
            let n = interconnect!.nameplate
            powers.active = powers.active.clamped(-n.mostIn * der.ramp, n.mostOut * der.ramp)
            powers.active = powers.active * der.recovery
            powers.reactive = powers.reactive * der.recovery
        }
        return interconnect!.capable(powers, flowing: active, voltage: voltage)
    }

    /// The wish of a forming home as the support functions shape it while it is tied.
    mutating func shaped(_ wish: Setpoints, _ m: Measured, elapsed: UInt32) -> Setpoints {
        let sees = m.bus.isSettled && !m.blind.meets(.busVoltages)
        guard wish.tied else {
            support.restart()
            return wish
        }
        let powers = supported(
            m, sees: sees, wish, isDispatched: true, isUndisturbed: sees, elapsed: elapsed,
            passed: Double(elapsed) * Double(rate.period.value))
        var shaped = wish
        shaped.active = powers.active
        shaped.reactive = powers.reactive
        return shaped
    }

    /// Trips it from outside its own step.
    mutating func tripDER(_ cause: Cause) {
        der!.trip(cause)
        derWindow.restart()
        draw()
    }

    /// What is added to the enter-service delay next time, 0 ... `randomDelay`: the upper half of a
    /// linear congruential generator's product (Knuth's MMIX constants).
    mutating func draw() {
        derDice = derDice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let most = UInt64(interconnect!.enterService.randomDelay) + 1
        derDraw = UInt32(truncatingIfNeeded: ((derDice >> 32) * most) >> 32)
    }
}
