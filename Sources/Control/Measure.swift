import Quantities

extension Controller {
    /// Readings become figures: RMS, sequence, frequency, phase and power of each side, the
    /// differences across the switch, and the battery's and the bus's DC quantities.
    mutating func measure(
        _ sample: Sample, elapsed: UInt32, into m: inout Measured
    ) {
        m.blind = readings.blind
        m.contacts = sample.contacts
        m.frequencyFloor = presence.deadBelow
        switch frontEnd {
        case .waveform: measureWaves(sample.blockLength, elapsed: elapsed, into: &m)
        case .chip: measureChip(elapsed: elapsed, into: &m)
        case .none: break
        }
        m.dcBusVoltage = Volts(readings[.dcBusVoltage])
        m.converterCurrent = Amperes(readings[.converterCurrent])
        m.batteryVoltage = Volts(readings[.batteryVoltage])
        m.batteryCurrent = Amperes(readings[.batteryCurrent])
        m.batteryTemperature = Celsius(readings[.batteryTemperature])
        m.stateOfCharge = readings[.stateOfCharge]
        m.linkVoltage = Volts(readings[.linkVoltage])
        m.pvPower = Watts(readings[.pvPower])
        m.windPower = Watts(readings[.windPower])
        m.evPower = Watts(readings[.evPower])
        m.loadPower = Watts(readings[.loadPower])
    }

    private mutating func measureWaves(
        _ length: Int, elapsed: UInt32, into m: inout Measured
    ) {
        let hasGrid = fitted.meets(.gridVoltages)
        if elapsed > 1 {
            let gap = Int(elapsed &- 1) &* max(length, 1)
            busMeter.skip(gap)
            if hasGrid { gridMeter.skip(gap) }
        }
        var k = 0
        while k < length {
            busMeter.take(
                va: readings.waves[3][k], vb: readings.waves[4][k], vc: readings.waves[5][k],
                ia: readings.waves[6][k], ib: readings.waves[7][k], ic: readings.waves[8][k])
            k &+= 1
        }
        m.bus = busMeter.read()
        if hasGrid {
            k = 0
            while k < length {
                gridMeter.take(
                    va: readings.waves[0][k], vb: readings.waves[1][k], vc: readings.waves[2][k])
                k &+= 1
            }
            m.grid = gridMeter.read()
        }
        if phases == 3 { m.blind |= implausible(m, length) }
        if hasGrid {
            m.angleAcross_deg = (m.grid.phase - m.bus.phase).degrees
            m.slip = m.grid.frequency - m.bus.frequency
            m.voltageAcross = m.grid.positive - m.bus.positive
        }
    }

    /// Three wires carry no zero sequence: a trio that does not add up to nil, or that turns the
    /// wrong way, has a channel that lies (drifted, frozen, spiking, swapped).
    private func implausible(_ m: Measured, _ length: Int) -> ChannelSet {
        var set = ChannelSet()
        let tolerance = nominalVoltage.value * 0.12
        if fitted.meets(.gridVoltages) {
            if residual(0, length) > tolerance || isReversed(m.grid) { set |= .gridVoltages }
        }
        if residual(3, length) > tolerance || isReversed(m.bus) { set |= .busVoltages }
        return set
    }
    /// RMS of the sum of a trio over this block.
    private func residual(_ first: Int, _ length: Int) -> Float {
        var sum: Float = 0
        var k = 0
        while k < length {
            let z =
                readings.waves[first][k] + readings.waves[first &+ 1][k]
                + readings.waves[first &+ 2][k]
            sum += z * z
            k &+= 1
        }
        return length > 0 ? root(sum / Float(length)) : 0
    }
    private func isReversed(_ side: ACMeasured) -> Bool {
        side.isSettled && side.negative.value > 0.25 * nominalVoltage.value
            && side.negative > side.positive
    }

    private mutating func measureChip(elapsed: UInt32, into m: inout Measured) {
        let noBus = readings.blind.meets(.scalar(.busRMS) | .scalar(.busFrequency))
        busChip.take(
            noBus
                ? nil
                : chipReading(
                    readings[.busRMS], readings[.busFrequency], readings[.busCurrent],
                    readings[.busActive], readings[.busReactive]))
        m.bus = busChip.read()
        if fitted.meets(.scalar(.gridRMS)) {
            let noGrid = readings.blind.meets(.scalar(.gridRMS) | .scalar(.gridFrequency))
            gridChip.take(
                noGrid ? nil : chipReading(readings[.gridRMS], readings[.gridFrequency], 0, 0, 0))
            m.grid = gridChip.read()
            m.angleAcross_deg = readings[.angleAcross]
            m.slip = m.grid.frequency - m.bus.frequency
            m.voltageAcross = m.grid.positive - m.bus.positive
        }
        // A blind chip blinds the side that protection asks about.
        if readings.blind.meets(.scalar(.busRMS) | .scalar(.busFrequency)) {
            m.blind |= .busVoltages
        }
        if readings.blind.meets(.scalar(.busCurrent) | .scalar(.busActive)) { m.blind |= .currents }
        if readings.blind.meets(.scalar(.gridRMS) | .scalar(.gridFrequency)) {
            m.blind |= .gridVoltages
        }
    }

    /// One RMS for all phases: what a chip on one phase, or a three-phase mean, gives.
    private func chipReading(
        _ voltage: Float, _ frequency: Float, _ current: Float, _ active: Float, _ reactive: Float
    ) -> ChipReading {
        var r = ChipReading()
        r.voltageA = Volts(voltage)
        r.voltageB = r.voltageA
        r.voltageC = r.voltageA
        r.currentA = Amperes(current)
        r.currentB = r.currentA
        r.currentC = r.currentA
        r.frequency = Hertz(frequency)
        r.active = Watts(active)
        r.reactive = Vars(reactive)
        return r
    }
}
