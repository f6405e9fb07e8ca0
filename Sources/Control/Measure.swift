import Quantities

/// How many samples a tick brought, and how many are missing before them.
struct WaveBlock {
    let length: Int
    let gap: Int
    /// Of such a block nothing can be believed.
    let isTooLong: Bool

    /// By the tick's clock `samples` belong to every tick: what a tick lacks of them, and what missed
    /// ticks lack, is a gap. By the converter's the board says what is missing.
    init(_ sample: Sample, of samples: Int, _ clock: SampleClock, elapsed: UInt32) {
        switch clock {
        case .tick:
            length = max(0, min(sample.blockLength, samples))
            gap = Int(elapsed) &* samples &- length
            isTooLong = sample.blockLength < 0 || sample.blockLength > samples
        case .converter:
            length = max(0, min(sample.blockLength, blockLimit))
            gap = max(0, min(sample.lostSamples, 1 << 30))
            isTooLong = sample.blockLength < 0 || sample.blockLength > blockLimit
        }
    }
}

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
        case .waveform(let samples, let clock):
            let block = WaveBlock(sample, of: samples, clock, elapsed: elapsed)
            measureWaves(block, into: &m)
        case .chip: measureChip(elapsed: elapsed, into: &m)
        case .none: break
        }
        m.blind |= lacking
        if case .waveform = frontEnd { holdBlind(elapsed, into: &m) }
        watchMeters(elapsed, into: &m)
        if case .waveform = frontEnd {
            // A meter that does not settle blinds its trio; of that, the board has what is fitted.
            m.blind = m.blind & (fitted | lacking | ChannelSet(bits: ~0x1FF))
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

    /// A meter that does not settle says nothing, and protection lets what does not exist be. That
    /// may last for as long as a meter needs to find a frequency; then it is blindness.
    private mutating func watchMeters(_ elapsed: UInt32, into m: inout Measured) {
        guard frontEnd != .none else { return }
        let most = patience
        busUnsettled = m.bus.isSettled ? 0 : longer(busUnsettled, by: elapsed)
        if busUnsettled > most { m.blind |= .busVoltages | .currents }
        guard fitted.meets(.gridVoltages | .scalar(.gridRMS)) else { return }
        gridUnsettled = m.grid.isSettled ? 0 : longer(gridUnsettled, by: elapsed)
        if gridUnsettled > most { m.blind |= .gridVoltages }
    }

    /// A window holds a cycle: what was blind in it stays so until it has passed. A trio that does
    /// not add up shows it only near the crests of a channel that lies: it stays blind between.
    private mutating func holdBlind(_ elapsed: UInt32, into m: inout Measured) {
        var k = 0
        while k < 3 {
            let trio = ChannelSet(bits: 0b111 << UInt64(3 &* k))
            let seen = m.blind & trio
            blindHeld[k] = seen.isEmpty ? blindHeld[k] &- min(blindHeld[k], elapsed) : cycleTicks
            trioHeld[k] =
                seen == trio ? cycleTicks : trioHeld[k] &- min(trioHeld[k], elapsed)
            if trioHeld[k] > 0 || (seen.isEmpty && blindHeld[k] > 0) { m.blind |= trio & fitted }
            k &+= 1
        }
    }

    private mutating func measureWaves(_ block: WaveBlock, into m: inout Measured) {
        let hasGrid = fitted.meets(.gridVoltages)
        let length = block.length
        if block.isTooLong { m.blind |= .gridVoltages | .busVoltages | .currents }
        if block.gap > 0 {
            busMeter.skip(block.gap)
            if hasGrid { gridMeter.skip(block.gap) }
        }
        let va = readings.waves[3], vb = readings.waves[4], vc = readings.waves[5]
        let ia = readings.waves[6], ib = readings.waves[7], ic = readings.waves[8]
        var k = 0
        while k < length {
            busMeter.take(va: va[k], vb: vb[k], vc: vc[k], ia: ia[k], ib: ib[k], ic: ic[k])
            k &+= 1
        }
        m.bus = busMeter.read()
        if hasGrid {
            let va = readings.waves[0], vb = readings.waves[1], vc = readings.waves[2]
            k = 0
            while k < length {
                gridMeter.take(va: va[k], vb: vb[k], vc: vc[k])
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
    /// wrong way, has a channel that lies (drifted, frozen, spiking, swapped). Against a neutral only
    /// the way it turns is judged.
    ///
    /// Mutating in name alone, as `PhaseWindow.means` is: otherwise the whole controller is copied.
    private mutating func implausible(_ m: Measured, _ length: Int) -> ChannelSet {
        var set = ChannelSet()
        let tolerance = nominalVoltage.value * 0.12
        if fitted.meets(.gridVoltages) {
            if !(hasNeutral || residual(0, length) <= tolerance) || isReversed(m.grid) {
                set |= .gridVoltages
            }
        }
        if !(hasNeutral || residual(3, length) <= tolerance) || isReversed(m.bus) {
            set |= .busVoltages
        }
        return set
    }
    /// RMS of the sum of a trio over this block.
    private mutating func residual(_ first: Int, _ length: Int) -> Float {
        let a = readings.waves[first], b = readings.waves[first &+ 1]
        let c = readings.waves[first &+ 2]
        var sum: Float = 0
        var k = 0
        while k < length {
            let z = a[k] + b[k] + c[k]
            sum += z * z
            k &+= 1
        }
        return length > 0 ? root(sum / Float(length)) : 0
    }
    private var hasNeutral: Bool { interconnect?.hasNeutral ?? false }
    private func isReversed(_ side: ACMeasured) -> Bool {
        side.isSettled && side.negative.value > 0.25 * nominalVoltage.value
            && side.negative > side.positive
    }

    private mutating func measureChip(elapsed: UInt32, into m: inout Measured) {
        let noBus = readings.blind.meets(.scalar(.busRMS) | .scalar(.busFrequency))
        // Missed ticks are ticks without a reading; after 10 s of them nothing is left to age.
        var missed = min(elapsed &- 1, 10 &* second)
        while missed > 0 {
            busChip.take(nil)
            gridChip.take(nil)
            missed &-= 1
        }
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
        if readings.blind.meets(
            .scalar(.busCurrent) | .scalar(.busActive) | .scalar(.busReactive))
        {
            m.blind |= .currents
        }
        if readings.blind.meets(.scalar(.gridRMS) | .scalar(.gridFrequency)) {
            m.blind |= .gridVoltages
        }
    }

    /// One RMS for all phases: what a chip on one phase, or a three-phase mean, gives. Currents and
    /// powers that are not there leave the voltage believable: they read nil and are blind.
    private func chipReading(
        _ voltage: Float, _ frequency: Float, _ current: Float, _ active: Float, _ reactive: Float
    ) -> ChipReading {
        var r = ChipReading()
        r.voltageA = Volts(voltage)
        r.voltageB = r.voltageA
        r.voltageC = r.voltageA
        r.currentA = Amperes(orNil(current))
        r.currentB = r.currentA
        r.currentC = r.currentA
        r.frequency = Hertz(frequency)
        r.active = Watts(orNil(active))
        r.reactive = Vars(orNil(reactive))
        return r
    }
    private func orNil(_ x: Float) -> Float { x.isFinite ? x : 0 }
}
