import Quantities

/// One controller: everything that lives from tick to tick. Plain values, no reference.
///
/// Read `tick` first: each verb is the file of that name.
public struct Controller: Sendable, BitwiseCopyable {
    public let rate: TickRate
    let frontEnd: FrontEnd
    let phases: Int
    let presence: PresenceLimits
    let limits: SetpointLimits
    let nominalVoltage: Volts
    let nominalFrequency: Hertz
    let fitted: ChannelSet
    /// Channels that decisions rest on and that the board does not have: blind from the start.
    let lacking: ChannelSet
    /// What decisions rest on: blind here, something is opened or stays open.
    public let needs: ChannelSet
    /// Ticks for which a meter has not settled, and for which that is no blindness.
    var gridUnsettled: UInt32 = 0
    var busUnsettled: UInt32 = 0
    let patience: UInt32
    /// Ticks for which each trio of waveforms stays blind after any, and after all, of it was.
    var blindHeld = InlineArray<3, UInt32>(repeating: 0)
    var trioHeld = InlineArray<3, UInt32>(repeating: 0)
    let cycleTicks: UInt32
    /// Ticks in a second.
    let second: UInt32

    var calibrator: Calibrator
    var readings = Readings()
    var gridMeter: VoltageMeter
    var busMeter: ACMeter
    var gridChip: ChipMeter
    var busChip: ChipMeter
    var protection: Protection

    var islanding: Islanding?
    var enterService: EnterService
    var syncCheck: SyncCheck
    var secondary: Secondary
    var deadBusTicks: UInt32 = 0
    var unprovenTicks: UInt32 = 0
    let provingTicks: UInt32
    let importFloor: Watts
    let deadBusNeed: UInt32
    var islandCause = Cause.none

    /// Under a grid code: its settings, the machine of a follower, the support functions, the window
    /// of enter service, and what was drawn for its delay.
    var interconnect: InterconnectSettings?
    var der: DER?
    var support = GridSupport()
    var derWindow: EnterService
    var derDice: UInt64 = 0
    var derDraw: UInt32 = 0

    var source: Source?
    var droop: Droop
    var sourceSettings: SourceSettings?
    var contactor: Contactor?
    var converter: ConverterDroop?
    var converterRuns = false
    var shedding: Shedding
    var curtailment: Curtailment?
    var feedback: FeedbackWatch
    var sourceCause = Cause.none

    var lastTick: Tick?
    /// The controller's own time. It goes on where the board's stands still or runs back, so that
    /// every deadline comes.
    var clock = Tick(0)
    var wish = Setpoints.fallback
    /// When `wish` ends, in the controller's own time.
    var wishEnds = Tick(.max)
    /// `expires` of the last wish that ended: it is not taken up again.
    var ended = Tick(0)
    /// The last wish that was offered, and whether it was refused: a wish that is refused is counted
    /// once, however often it is renewed.
    var offered = Setpoints.fallback
    var wasRefused = false
    var refused: UInt32 = 0
    var missed: UInt64 = 0
    var energyIn = Energy.zero
    var energyOut = Energy.zero
    var remainderIn: Int64 = 0
    var remainderOut: Int64 = 0
    var heartbeat = false

    /// Settings must already be checked (see `BoardProfile`): a wrong count here is our bug.
    public init(_ s: ControllerSettings) {
        rate = s.rate
        frontEnd = s.frontEnd
        phases = s.phases
        presence = s.presence
        limits = s.limits
        nominalVoltage = s.nominalVoltage
        nominalFrequency = s.nominalFrequency
        fitted = s.fitted
        calibrator = Calibrator(
            waves: s.waves, scalars: s.scalars, rate: s.rate, chipPhase: s.chipPhase)
        // Meters that are not wired are made for 4 kHz and never fed.
        var sampleRate = Hertz(4000)
        if case .waveform(let n, _) = s.frontEnd {
            precondition(n >= 1 && n <= blockLimit, "samples in a tick must be 1 ... blockLimit")
            sampleRate = Hertz(s.rate.perSecond * Float(n) * s.sampleClock)
        }
        var meter = ACMeterSettings(
            nominalFrequency: s.nominalFrequency, nominalVoltage: s.nominalVoltage,
            phases: s.phases, sampleRate: sampleRate,
            nominalCurrent: s.nominalCurrent)
        for k in 0..<3 { meter.voltagePhases[k] = s.wavePhases[k] }
        gridMeter = VoltageMeter(meter)
        for k in 0..<3 {
            meter.voltagePhases[k] = s.wavePhases[3 + k]
            meter.currentPhases[k] = s.wavePhases[6 + k]
        }
        busMeter = ACMeter(meter)
        gridChip = ChipMeter(
            nominalFrequency: s.nominalFrequency, nominalVoltage: s.nominalVoltage,
            phases: s.phases, tick: s.rate.period,
            rocofWindow: max(Seconds(0.5), s.rate.period))
        busChip = gridChip

        let acNeeds =
            s.frontEnd == .chip
            ? ChannelSet.scalar(.busRMS) | .scalar(.busFrequency) : .busVoltages
        let gridNeeds =
            s.frontEnd == .chip
            ? ChannelSet.scalar(.gridRMS) | .scalar(.gridFrequency) : .gridVoltages
        var sourceNeeds =
            ChannelSet.contact(.mainContactor) | .scalar(.batteryVoltage)
            | .scalar(.batteryCurrent) | .scalar(.stateOfCharge)
        if s.source != nil {
            sourceNeeds |= acNeeds
            sourceNeeds |=
                s.frontEnd == .chip
                ? .scalar(.busActive) | .scalar(.busReactive) : .currents
        }
        if s.converter != nil {
            sourceNeeds |= .scalar(.dcBusVoltage) | .scalar(.converterCurrent)
        }
        let islandNeeds =
            s.coupling == nil ? ChannelSet() : gridNeeds | acNeeds | .contact(.islandingSwitch)
        if s.source == nil && s.converter == nil { sourceNeeds = ChannelSet() }
        var ceaseNeeds = ChannelSet()
        if s.interconnect != nil && s.source == nil {
            ceaseNeeds =
                s.frontEnd == .chip
                ? acNeeds | .scalar(.busActive) | .scalar(.busReactive) : acNeeds | .currents
        }
        protection = Protection(
            s.stages, blindAfter: s.blindAfter, islandNeeds: islandNeeds,
            sourceNeeds: sourceNeeds, ceaseNeeds: ceaseNeeds, sourceTripHold: s.sourceTripHold)
        var present = s.fitted | ChannelSet(bits: 0xFF << 48)
        // One phase stands for three.
        if s.phases == 1 { present |= ChannelSet(bits: 0b110_110_110) }
        needs = islandNeeds | sourceNeeds | ceaseNeeds
        lacking = ChannelSet(bits: needs.bits & ~present.bits)
        // Voltage that returns is settled within 5.5 cycles (`ACMeter`); four times that.
        patience = s.rate.ticks(Seconds(0.5))
        second = s.rate.ticks(Seconds(1))
        // A cycle at 0.9 of nominal, an analysis and a tick.
        cycleTicks = s.rate.ticks(Seconds(1 / (0.9 * s.nominalFrequency.value) + 0.0012)) + 1

        islanding = s.coupling.map { Islanding($0.times) }
        enterService = EnterService(
            s.coupling?.window
                ?? EnterService.Window(
                    voltage: (.zero, .zero), frequency: (.zero, .zero), delay: .max, excursion: 0))
        syncCheck = SyncCheck(
            s.coupling?.sync
                ?? SyncLimits(
                    slip: .zero, voltage: .zero, angle_deg: 0, aim_deg: 0, rocof: .zero,
                    confirm: .max),
            closingTime: s.coupling?.closingTime ?? Seconds(0), rate: s.rate)
        secondary = Secondary(
            s.coupling?.secondary
                ?? SecondarySettings(
                    nominalFrequency: s.nominalFrequency, nominalVoltage: s.nominalVoltage),
            rate: s.rate)
        deadBusNeed = s.coupling?.times.deadBus ?? .max
        provingTicks = s.coupling?.times.proving ?? .max
        // 1 % of what the connection carries: well above what offsets and noise can feign.
        importFloor = Watts(0.03 * s.nominalVoltage.value * s.nominalCurrent.value)
        interconnect = s.interconnect
        if s.interconnect != nil && s.source == nil { der = DER() }
        derWindow = EnterService(s.interconnect?.enterService.window ?? enterService.window)
        derDice = UInt64(s.interconnect?.enterService.seed ?? 0)
        source = s.source.map { Source($0.times) }
        sourceSettings = s.source
        droop = Droop(
            s.source?.droop
                ?? DroopSettings(
                    nominalFrequency: s.nominalFrequency, nominalVoltage: s.nominalVoltage,
                    rating: VoltAmperes(1), mostOut: .zero, mostIn: .zero),
            rate: s.rate)
        contactor = s.contactor.map(Contactor.init)
        converter = s.converter.map { ConverterDroop($0, rate: s.rate) }
        shedding = Shedding(s.loads)
        curtailment = s.curtailment.map(Curtailment.init)
        feedback = FeedbackWatch(
            loads: s.loads.count, travel: s.contactor?.travel ?? s.rate.ticks(Seconds(0.2)))
        if interconnect != nil { draw() }
    }

    /// One pass of the house. Each verb is the file of that name.
    ///
    /// - Parameters:
    ///   - sample: what the board knows. Its `tick` is the time; it must not run backwards.
    ///   - wish: what people and plans ask for. Outside its limits it is refused and counted, and
    ///     the last good one holds until it expires into `Setpoints.fallback`.
    ///   - record: what was seen, judged and done; `record.command` is for the board.
    ///
    /// The attribute makes the compiler prove, in release builds (where it sees the whole module),
    /// that nothing reachable from here allocates or locks. It stands on this one function and on
    /// the meters; the only trusted gap is `root`, the square root.
    #if !DEBUG
        @_noLocks
    #endif
    public mutating func tick(
        _ sample: Sample, wanting wish: Setpoints, into record: inout Record
    ) {
        let elapsed = advance(to: sample.tick)
        calibrator.calibrate(sample, into: &readings)
        measure(sample, elapsed: elapsed, into: &record.measured)
        let valid = accept(wish, at: sample.tick)
        record.verdict = protection.protect(
            record.measured, elapsed: elapsed, acknowledged: valid.acknowledge,
            sourceRuns: isRunning, isTied: islanding?.wantsClosed ?? true)
        decide(sample, wanting: valid, elapsed: elapsed, into: &record)
        note(sample.tick, elapsed: elapsed, into: &record)
    }

    /// The board has let go of everything by itself: no state may hold on to what it had closed,
    /// and the way back is the long one, through synchronism check and pre-charge.
    public mutating func letGo() {
        islanding?.letGo(at: clock)
        contactor?.letGo(at: clock)
        if source?.isRunning ?? false { source?.trip(.droppedOut, at: clock) }
        if der?.state.isInService ?? false { tripDER(.droppedOut) }
    }

    /// Ticks since the last one. A clock that stands still or runs back counts as one tick: timers
    /// must go on.
    private mutating func advance(to now: Tick) -> UInt32 {
        guard let last = lastTick else {
            lastTick = now
            // Far from the end, so that no deadline wraps.
            clock = Tick(min(now.count, 1 << 62))
            return 1
        }
        let passed = max(now.since(last), 1)
        lastTick = now
        clock.count &+= min(passed, 1 << 40)
        let elapsed = UInt32(truncatingIfNeeded: min(passed, 1_000_000))
        missed &+= UInt64(elapsed) &- 1
        return elapsed
    }

    /// The wish that holds now. Its end is kept in the controller's own time: repeating a wish
    /// under a clock that stands still does not lengthen it.
    private mutating func accept(_ new: Setpoints, at now: Tick) -> Setpoints {
        let isSame = new.isSame(as: offered)
        let asksTheSame = new.asksTheSame(as: offered)
        offered = new
        if new.expires > now && new.expires != ended && limits.admit(new, at: now) {
            let ends = Tick(clock.count &+ new.expires.since(now))
            wishEnds = new.expires == wish.expires ? min(wishEnds, ends) : ends
            wish = new
            wasRefused = false
        } else if new.expires == Tick(0) || new.isSame(as: .fallback) {
            // Nobody's wish.
            wasRefused = false
        } else if !isSame {
            // Outside the limits, or over before it came; not one that has just run out.
            if !(wasRefused && asksTheSame) { refused &+= 1 }
            wasRefused = true
        }
        if wishEnds <= clock {
            ended = wish.expires
            wish = .fallback
            wishEnds = Tick(.max)
        }
        return wish
    }

    /// Counts energy and completes the record.
    private mutating func note(_ now: Tick, elapsed: UInt32, into record: inout Record) {
        let power = record.measured.bus.active
        // What flowed in a gap beyond a second nobody knows: it is not counted.
        let counted = min(elapsed, second)
        let microseconds = rate.microseconds &* Int64(counted)
        if record.measured.bus.isSettled && !record.measured.blind.meets(.currents | .busVoltages) {
            if power.value >= 0 {
                _ = energyIn.add(power, microseconds: microseconds, remainder_uJ: &remainderIn)
            } else {
                _ = energyOut.add(-power, microseconds: microseconds, remainder_uJ: &remainderOut)
            }
        }
        record.tick = now
        record.elapsed = elapsed
        record.refusedSetpoints = refused
        record.missedTicks = missed
        record.energyIn = energyIn
        record.energyOut = energyOut
    }
}
