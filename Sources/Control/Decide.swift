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
        if source != nil { decideSource(sample, wish, elapsed, &record) }
        if converter != nil { decideConverter(wish, &record) }
        decideLoads(wish, elapsed, &record)

        record.command.outputs[Output.heartbeat] = heartbeat
        heartbeat.toggle()
        record.disobedient = feedback.step(
            outputs: record.command.outputs, contacts: sample.contacts,
            deaf: sample.deafContacts, elapsed: elapsed)
    }

    private mutating func decideIslanding(
        _ sample: Sample, _ wish: Setpoints, _ elapsed: UInt32, _ record: inout Record
    ) {
        let before = islanding!.state
        deadBusTicks = record.busPresence == .dead ? min(deadBusTicks, 1 << 30) + elapsed : 0
        let fit = enterService.step(
            record.measured.grid, presence: record.gridPresence, elapsed: elapsed)
        record.permit = syncCheck.check(
            record.measured, grid: record.gridPresence, bus: record.busPresence, elapsed: elapsed)
        var input = IslandingInput(
            now: sample.tick, auxiliary: sample.contacts[Contact.islandingSwitch])
        let unproven = proveGrid(record, guarded: wish.guarded, elapsed)
        input.mustIsland = record.verdict.mustIsland || unproven
        input.isBlind = record.verdict.mustIsland && record.verdict.cause == .blind
        input.wantsIsland = wish.island || !wish.connect
        input.acknowledged = wish.acknowledge
        input.isHeard = !sample.deafContacts[Contact.islandingSwitch]
        input.gridFit = fit
        input.grid = record.gridPresence
        input.bus = record.busPresence
        input.busProvedDead = deadBusTicks >= deadBusNeed
        input.permit = record.permit
        let took = islanding!.step(input)
        if took > 0 { syncCheck.learn(closing: took) }

        if case .opening = islanding!.state, !before.isOpening {
            // A switch found closed that nobody closed is opened for that alone.
            let wished = input.wantsIsland ? Cause.wish : .welded
            islandCause =
                record.verdict.cause != .none
                ? record.verdict.cause : unproven ? .unproven : wished
        }
        steer(record)
        record.command.outputs[Output.islandingSwitch] = islanding!.wantsClosed
        record.islanding = islanding!.state
        record.islandCause = islandCause
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
            guarded || imports || !isTied ? 0 : min(unprovenTicks, 1 << 30) + elapsed
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
        let heard =
            !sample.deafContacts[Contact.mainContactor]
            && !sample.deafContacts[Contact.preCharge]
        let difference =
            blind.meets(.scalar(.batteryVoltage) | .scalar(.linkVoltage))
            ? Volts(.nan) : record.measured.batteryVoltage - record.measured.linkVoltage
        contactor!.step(
            ContactorInput(
                now: sample.tick, wants: !record.verdict.mustTripSource,
                acknowledged: wish.acknowledge, preCharge: sample.contacts[Contact.preCharge],
                main: sample.contacts[Contact.mainContactor], isHeard: heard,
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
                now: sample.tick, mayRun: contactor?.isClosed ?? true,
                mustTrip: record.verdict.mustTripSource, cause: record.verdict.cause,
                bus: record.busPresence, ready: sample.contacts[Contact.inverterReady],
                isApart: isApart(record.measured)),
            elapsed: elapsed)
        if case .tripped(let cause, _) = source!.state { sourceCause = cause }

        let m = record.measured
        let charge = m.blind.meets(.scalar(.stateOfCharge)) ? Float.nan : m.stateOfCharge
        let s = sourceSettings!
        let input = DroopInput(
            active: m.bus.active, reactive: m.bus.reactive, voltage: m.bus.positive,
            frequency: m.bus.frequency, isTied: wish.tied, scheduledActive: wish.active,
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
            let share = Float(sample.tick.since(since)) / Float(max(source!.times.ramp, 1))
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
    /// fastest drift, 1.5 Hz/s over 60 ms, is 0.09 Hz.
    private func isApart(_ m: Measured) -> Bool {
        m.bus.isSettled && !m.bus.isDisturbed && m.bus.frequency.value > 0
            && (m.bus.frequency - droop.frequency).value.magnitude > 0.4
    }

    private mutating func decideConverter(_ wish: Setpoints, _ record: inout Record) {
        let m = record.measured
        if !record.verdict.mustTripSource && contactor?.isClosed ?? true {
            if !converterRuns {
                converter!.takeOver(busVoltage: m.dcBusVoltage, charge: m.stateOfCharge)
            }
            converterRuns = true
            record.command.converter = converter!.step(
                current: m.converterCurrent, busVoltage: m.dcBusVoltage, charge: m.stateOfCharge,
                bias: wish.voltageBias)
        } else {
            if converterRuns {
                let opened = contactor?.lastCause ?? .none
                sourceCause = record.verdict.cause != .none ? record.verdict.cause : opened
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
        shedding.step(level: level, charge: m.stateOfCharge, onGrid: wish.tied, elapsed: elapsed)
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
    /// The own source is on the bus; a controller without one judges the bus at all times.
    var isRunning: Bool {
        if let source { source.isRunning } else { converter == nil || converterRuns }
    }
}

extension Source {
    var isBlackStarting: Bool {
        if case .blackStarting = state { true } else { false }
    }
}
