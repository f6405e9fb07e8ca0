import Quantities

extension Controller {
    /// Turns what is known and wished into a command, through the machines in `Decide/`.
    mutating func decide(
        _ sample: Sample, wanting wish: Setpoints, elapsed: UInt32,
        into record: inout Record
    ) {
        let blindGrid = record.measured.blind.meets(.gridVoltages)
        let blindBus = record.measured.blind.meets(.busVoltages)
        record.gridPresence = presence.judge(record.measured.grid, blind: blindGrid)
        record.busPresence = presence.judge(record.measured.bus, blind: blindBus)
        record.command = Command()

        if islanding != nil { decideIslanding(sample, wish, elapsed, &record) }
        if contactor != nil { decideContactor(sample, wish, &record) }
        if source != nil {
            // Under a grid code the schedule of a tied source is shaped by the support functions.
            let schedule =
                interconnect == nil ? wish : shaped(wish, record.measured, elapsed: elapsed)
            decideSource(sample, schedule, elapsed, &record)
        }
        if der != nil { decideDER(sample, wish, elapsed, &record) }
        if converter != nil { decideConverter(wish, &record) }
        decideLoads(wish, elapsed, &record)
        prove(&record)

        record.command.outputs[Output.heartbeat] = heartbeat
        heartbeat.toggle()
        record.disobedient = feedback.step(
            outputs: record.command.outputs, contacts: sample.contacts,
            deaf: sample.deafContacts, elapsed: elapsed)
        if der?.isDisobeyed ?? false { record.disobedient[Output.inverterEnable] = true }
    }

    /// No command leaves that is not a number: what asked for one is turned off.
    private mutating func prove(_ record: inout Record) {
        let inverter = record.command.inverter
        if !(inverter.frequency.isFinite && inverter.voltage.isFinite && inverter.active.isFinite
            && inverter.reactive.isFinite)
        {
            record.command.inverter = InverterCommand()
            record.command.outputs[Output.inverterEnable] = false
            if source != nil {
                source!.trip(.blind, at: clock)
                sourceCause = .blind
                record.source = source!.state
                record.sourceCause = .blind
            }
            if der != nil {
                tripDER(.blind)
                record.der = der!.state
                record.derCause = der!.cause
            }
        }
        let converter = record.command.converter
        if !(converter.voltage.isFinite && converter.mostOut.isFinite && converter.mostIn.isFinite)
        {
            record.command.converter = ConverterCommand()
        }
        if !record.command.renewables.isFinite { record.command.renewables = 0 }
    }

    private mutating func decideIslanding(
        _ sample: Sample, _ wish: Setpoints, _ elapsed: UInt32, _ record: inout Record
    ) {
        let before = islanding!.state
        let wasClosed = islanding!.wantsClosed
        deadBusTicks = record.busPresence == .dead ? longer(deadBusTicks, by: elapsed) : 0
        // What was seen of the grid while tied may have been our own: the delay begins when the
        // switch is open.
        if before == .gridTied { enterService.restart() }
        let fit = enterService.step(
            record.measured.grid, presence: record.gridPresence, elapsed: elapsed)
        record.permit = syncCheck.check(
            record.measured, grid: record.gridPresence, bus: record.busPresence, elapsed: elapsed)
        var input = IslandingInput(
            now: clock, auxiliary: sample.contacts[Contact.islandingSwitch])
        let unproven = proveGrid(record, guarded: wish.guarded, elapsed)
        input.mustIsland = record.verdict.mustIsland || unproven
        input.isBlind =
            record.verdict.mustIsland
            && (record.verdict.islandCause == .blind || record.verdict.blind.meets(.gridVoltages))
        input.wantsIsland = wish.island || !wish.connect
        input.acknowledged = wish.acknowledge
        input.isHeard = !sample.deafContacts[Contact.islandingSwitch]
        input.gridFit = fit
        input.grid = record.gridPresence
        input.bus = record.busPresence
        input.busProvedDead = deadBusTicks >= deadBusNeed
        input.permit = record.permit
        let took = islanding!.step(input)
        // After missed ticks the closing time is not known to a tick.
        if took > 0 && elapsed == 1 { syncCheck.learn(closing: took) }

        switch islanding!.state {
        case .opening where wasClosed:
            islandCause =
                record.verdict.mustIsland
                ? record.verdict.islandCause : unproven ? .unproven : .wish
        case .opening where before != islanding!.state:
            // Found closed though nobody had told it to.
            islandCause = .welded
        case .islanded(.droppedOut, _, _) where before == .gridTied: islandCause = .droppedOut
        default: break
        }
        steer(record)
        record.command.outputs[Output.islandingSwitch] = islanding!.wantsClosed
        record.islanding = islanding!.state
        record.islandCause = islandCause
        record.isSyncLate = islanding!.isSyncLate
        record.frequencyBias = secondary.frequencyBias
        record.voltageBias = secondary.voltageBias
    }

    /// A closed switch needs a proof that the grid is alive. Either the sources push an unseen
    /// island out of its window (`guarded`), or power flows in, which no dead grid can give.
    /// True when neither has held for the whole proving time.
    private mutating func proveGrid(_ record: Record, guarded: Bool, _ elapsed: UInt32) -> Bool {
        let imports =
            record.measured.bus.active.value > importFloor.value
            && !record.measured.blind.meets(.currents | .busVoltages)
        let isTied = islanding!.state == .gridTied
        unprovenTicks =
            guarded || imports || !isTied ? 0 : longer(unprovenTicks, by: elapsed)
        return unprovenTicks >= provingTicks
    }

    /// The restoring offsets follow the islanding state.
    private mutating func steer(_ record: Record) {
        switch islanding!.state {
        case .gridTied, .opening, .blackStart, .fault: secondary.rest()
        case .closing: break
        case .resynchronising:
            if record.busPresence == .live && record.gridPresence == .live {
                secondary.approach(record.measured)
            }
        case .islanded:
            if record.busPresence == .live {
                secondary.restore(record.measured)
            } else {
                secondary.rest()
            }
        }
    }

    private mutating func decideContactor(
        _ sample: Sample, _ wish: Setpoints, _ record: inout Record
    ) {
        let blind = record.measured.blind
        // An inverter that goes on though told to cease: its battery is taken from it.
        let isDisobeyed = der?.isDisobeyed ?? false
        let heard =
            !sample.deafContacts[Contact.mainContactor]
            && !sample.deafContacts[Contact.preCharge]
        let difference =
            blind.meets(.scalar(.batteryVoltage) | .scalar(.linkVoltage))
            ? Volts(.nan) : record.measured.batteryVoltage - record.measured.linkVoltage
        contactor!.step(
            ContactorInput(
                now: clock, wants: !record.verdict.mustTripSource && !isDisobeyed,
                cause: isDisobeyed ? .welded : record.verdict.sourceCause,
                acknowledged: wish.acknowledge, preCharge: sample.contacts[Contact.preCharge],
                main: sample.contacts[Contact.mainContactor], isHeard: heard,
                battery: blind.meets(.scalar(.batteryVoltage))
                    ? Volts(.nan) : record.measured.batteryVoltage,
                difference: difference,
                current: blind.meets(.scalar(.batteryCurrent))
                    ? Amperes(.nan) : record.measured.batteryCurrent))
        record.command.outputs[Output.preCharge] = contactor!.drivesPreCharge
        record.command.outputs[Output.mainContactor] = contactor!.drivesMain
        record.contactor = contactor!.state
        record.contactorCause = contactor!.lastCause
    }

    private mutating func decideSource(
        _ sample: Sample, _ wish: Setpoints, _ elapsed: UInt32, _ record: inout Record
    ) {
        let before = source!.mode
        let wasStarting = source!.isBlackStarting
        source!.step(
            SourceInput(
                now: clock, mayRun: contactor?.isClosed ?? true,
                mustTrip: record.verdict.mustTripSource, cause: record.verdict.sourceCause,
                bus: record.busPresence, ready: sample.contacts[Contact.inverterReady],
                isApart: isApart(record.measured)),
            elapsed: elapsed)
        if case .tripped(let cause, _) = source!.state { sourceCause = cause }

        let m = record.measured
        let charge = m.provedCharge
        let s = sourceSettings!
        // Until protection acts, what is blind is not known: the droop holds.
        let sees = !m.blind.meets(.busVoltages)
        let weighs = sees && !m.blind.meets(.currents)
        let input = DroopInput(
            active: weighs ? m.bus.active : Watts(.nan),
            reactive: weighs ? m.bus.reactive : Vars(.nan),
            voltage: sees ? m.bus.positive : Volts(.nan),
            frequency: sees ? m.bus.frequency : Hertz(.nan), isTied: wish.tied,
            scheduledActive: wish.active,
            scheduledReactive: wish.reactive, frequencyBias: wish.frequencyBias,
            voltageBias: wish.voltageBias,
            mostOut: s.droop.mostOut * ((charge - s.emptyAt) / s.emptyBand).clamped(0, 1),
            mostIn: s.droop.mostIn * ((1 - charge) / s.fullBand).clamped(0, 1))
        record.command.inverter.mode = source!.mode
        record.command.outputs[Output.inverterEnable] = source!.mode != .off
        switch source!.state {
        case .forming:
            if before == .follow { droop.takeOver(input) }
            if wasStarting { droop.takeOver(input) }
            droop.step(input)
            record.command.inverter.voltage = droop.voltage
        case .blackStarting(let since):
            if !wasStarting { droop.startCold() }
            droop.step(input)
            let share = Float(clock.since(since)) / Float(max(source!.times.ramp, 1))
            record.command.inverter.voltage = droop.voltage * min(share, 1)
        case .following, .off, .observing, .tripped: break
        }
        record.command.inverter.frequency = droop.frequency
        record.source = source!.state
        record.sourceCause = sourceCause
        record.droopActive = droop.active
        record.droopReactive = droop.reactive
    }

    /// More than 0.4 Hz between what the source makes and what the bus has. The meter's lag at the
    /// fastest drift any grid code asks for, 3.5 Hz/s over 60 ms, is 0.21 Hz.
    private func isApart(_ m: Measured) -> Bool {
        m.bus.isSettled && !m.bus.isDisturbed && m.bus.frequency.value > 0
            && (m.bus.frequency - droop.frequency).value.magnitude > 0.4
    }

    private mutating func decideConverter(_ wish: Setpoints, _ record: inout Record) {
        let m = record.measured
        if !record.verdict.mustTripSource && contactor?.isClosed ?? true {
            let bus = m.blind.meets(.scalar(.dcBusVoltage)) ? Volts(.nan) : m.dcBusVoltage
            if !converterRuns { converter!.takeOver(busVoltage: bus, charge: m.provedCharge) }
            converterRuns = true
            record.command.converter = converter!.step(
                current: m.blind.meets(.scalar(.converterCurrent))
                    ? Amperes(.nan) : m.converterCurrent,
                busVoltage: bus, charge: m.provedCharge, bias: wish.voltageBias)
        } else {
            if converterRuns {
                let opened = contactor?.lastCause ?? .none
                let judged = record.verdict.sourceCause
                sourceCause = judged != .none ? judged : opened
            }
            converterRuns = false
        }
        record.sourceCause = sourceCause
        record.voltageBias = converter!.restoration
    }

    private mutating func decideLoads(
        _ wish: Setpoints, _ elapsed: UInt32, _ record: inout Record
    ) {
        let m = record.measured
        let isDC = converter != nil
        let seen = !m.blind.meets(isDC ? .scalar(.dcBusVoltage) : .busVoltages)
        // What the droop says of the load: a restored frequency or voltage hides it, so the
        // restoration that this source was told to add is taken off again.
        var level = Float.nan
        if isDC && seen {
            level = m.dcBusVoltage.value - (converterRuns ? converter!.lift.value : 0)
            // A dead bus reads nil and a little noise; while we make it, a low one is an overload.
            if !converterRuns && level < presence.deadBelow.value { level = 0 }
        } else if seen {
            let hidden = isRunning && !wish.tied ? droop.frequencyBias : 0
            level = m.bus.frequency.value > 0 ? m.bus.frequency.value - hidden : 0
        }
        shedding.step(level: level, charge: m.provedCharge, onGrid: wish.tied, elapsed: elapsed)
        if curtailment != nil {
            // A source that is off cannot be backed; renewables still follow the bus.
            curtailment!.step(level: level, elapsed: elapsed)
            record.command.renewables = curtailment!.allowed
        } else {
            record.command.renewables = seen && level > 0 ? 1 : 0
        }
        var k = 0
        while k < 4 {
            record.command.outputs.set(Output.load0.rawValue &+ UInt8(k), shedding.isConnected(k))
            k &+= 1
        }
        record.command.charging = shedding.isConnected(0) && seen && level > 0 ? 1 : 0
        record.loads = shedding.connected
    }
}

extension Controller {
    /// The own source or converter is on the bus; a controller without one judges the bus at all
    /// times.
    var isRunning: Bool {
        if let source { source.isRunning } else { converter == nil || converterRuns }
    }
}

extension Measured {
    /// State of charge, NaN where it cannot be believed.
    var provedCharge: Float {
        blind.meets(.scalar(.stateOfCharge)) ? .nan : stateOfCharge
    }
}

extension Source {
    var isBlackStarting: Bool {
        if case .blackStarting = state { true } else { false }
    }
}
