import Quantities

/// Runs every stage against what was measured.
public struct Protection: Sendable, BitwiseCopyable {
    public internal(set) var stages: InlineArray<24, Stage>
    public internal(set) var count: Int
    /// Blind for this many ticks on a channel the action rests on, and the action is taken.
    public let blindAfter: UInt32
    var states: InlineArray<24, StageState>
    private var islandBlind: UInt32 = 0
    private var sourceBlind: UInt32 = 0
    private var ceaseBlind: UInt32 = 0
    private let islandNeeds: ChannelSet
    private let sourceNeeds: ChannelSet
    private let ceaseNeeds: ChannelSet
    private var sourceTripHeld: UInt32 = 0
    private let sourceTripHold: UInt32
    /// The channels for whose blindness each action is taken now.
    private var islandBlindFor = ChannelSet()
    private var sourceBlindFor = ChannelSet()
    private var ceaseBlindFor = ChannelSet()
    /// The stages of each action, one bit each.
    private var islanding: UInt32 = 0
    private var tripping: UInt32 = 0
    private var ceasing: UInt32 = 0
    /// Of a place that holds no stage.
    static var idle: Stage {
        Stage(.current, .over, .infinity, clearing: 0, dropout: 0, reset: 0, action: .alarm)
    }

    /// - Parameters:
    ///   - stages: at most `stageLimit`.
    ///   - islandNeeds: channels without which the grid cannot be called sound.
    ///   - sourceNeeds: channels without which the own source cannot be called sound.
    ///   - ceaseNeeds: channels without which a DER under a grid code may not energise.
    ///   - sourceTripHold: ticks a source stays tripped after a blind channel sees again. A switch
    ///     or a DER is not held: its way back is the long one, through the enter-service delay.
    public init(
        _ stages: StageList, blindAfter: UInt32, islandNeeds: ChannelSet, sourceNeeds: ChannelSet,
        ceaseNeeds: ChannelSet = ChannelSet(), sourceTripHold: UInt32
    ) {
        precondition(stages.count <= stageLimit, "more stages than stageLimit")
        self.stages = InlineArray(repeating: Self.idle)
        for k in stages.indices { self.stages[k] = stages[k] }
        count = stages.count
        states = InlineArray(repeating: StageState())
        self.blindAfter = blindAfter
        self.islandNeeds = islandNeeds
        self.sourceNeeds = sourceNeeds
        self.ceaseNeeds = ceaseNeeds
        self.sourceTripHold = sourceTripHold
        note()
    }

    /// Notes which stages have which action.
    mutating func note() {
        islanding = 0
        tripping = 0
        ceasing = 0
        for k in 0..<count {
            let bit: UInt32 = 1 << UInt32(k)
            switch stages[k].action {
            case .alarm: break
            case .island: islanding |= bit
            case .tripSource: tripping |= bit
            case .cease: ceasing |= bit
            }
        }
    }

    /// - Parameters:
    ///   - sourceRuns: the own source is on the bus. While it is not, its stages on the bus have
    ///     nothing to protect: a dead bus is no under-voltage of a source that is off.
    ///   - isTied: the islanding switch is closed or told to close. While it is not, islanding
    ///     stages on the bus have nothing to open: a dead bus must not keep the grid away.
    public mutating func protect(
        _ measured: Measured, elapsed: UInt32, acknowledged: Bool, sourceRuns: Bool,
        isTied: Bool = true
    ) -> Verdict {
        var verdict = Verdict()
        verdict.blind = measured.blind
        islandBlind = measured.blind.meets(islandNeeds) ? longer(islandBlind, by: elapsed) : 0
        sourceBlind = measured.blind.meets(sourceNeeds) ? longer(sourceBlind, by: elapsed) : 0
        ceaseBlind = measured.blind.meets(ceaseNeeds) ? longer(ceaseBlind, by: elapsed) : 0
        let islandIsBlind = islandBlind >= max(blindAfter, 1)
        if islandIsBlind {
            verdict.mustIsland = true
            verdict.islandCause = .blind
            islandBlindFor |= measured.blind & islandNeeds
        }
        let seesLittle = sourceBlind >= max(blindAfter, 1)
        if seesLittle {
            sourceTripHeld = sourceTripHold
            sourceBlindFor |= measured.blind & sourceNeeds
        }
        let sourceIsBlind = seesLittle || sourceTripHeld > 0
        if sourceIsBlind {
            verdict.mustTripSource = true
            verdict.sourceCause = .blind
            if sourceBlind == 0 { sourceTripHeld -= min(sourceTripHeld, elapsed) }
        }
        let ceaseIsBlind = ceaseBlind >= max(blindAfter, 1)
        if ceaseIsBlind {
            verdict.mustCease = true
            verdict.ceaseCause = .blind
            ceaseBlindFor |= measured.blind & ceaseNeeds
        }
        var k = 0
        while k < count {
            watch(
                k, measured, elapsed: elapsed, acknowledged: acknowledged, sourceRuns: sourceRuns,
                isTied: isTied, into: &verdict)
            k &+= 1
        }
        if !islandIsBlind && verdict.blinded & islanding == 0 { islandBlindFor = ChannelSet() }
        if !sourceIsBlind && verdict.blinded & tripping == 0 { sourceBlindFor = ChannelSet() }
        if !ceaseIsBlind && verdict.blinded & ceasing == 0 { ceaseBlindFor = ChannelSet() }
        verdict.islandBlind = islandBlindFor
        verdict.sourceBlind = sourceBlindFor
        verdict.ceaseBlind = ceaseBlindFor
        return verdict
    }

    /// One stage.
    private mutating func watch(
        _ k: Int, _ measured: Measured, elapsed: UInt32, acknowledged: Bool, sourceRuns: Bool,
        isTied: Bool, into verdict: inout Verdict
    ) {
        let stage = stages[k]
        let isIdle =
            stage.watched.isOfBus
            && (stage.action == .tripSource && !sourceRuns || stage.action == .island && !isTied)
        let finding = isIdle ? .sound : measured.finding(for: stage)
        let bit: UInt32 = 1 << UInt32(k)
        let hold = stage.action == .tripSource ? sourceTripHold : 0
        if states[k].step(
            stage, finding, elapsed: elapsed, acknowledged: acknowledged, hold: hold)
        {
            verdict.newlyTripped |= bit
        }
        if finding == .beyond || finding == .blind { verdict.pickedUp |= bit }
        var cause = Cause.blind
        var channels = ChannelSet()
        switch states[k].phase {
        case .watching: return
        case .tripped:
            verdict.tripped |= bit
            cause = .stage(UInt8(k))
        case .blind:
            verdict.blinded |= bit
            if finding == .blind {
                // A figure that is no number blinds all it is made of.
                let seen = measured.blind & stage.watched.channels
                channels = seen.isEmpty ? stage.watched.channels : seen
            }
        }
        switch stage.action {
        case .alarm: break
        case .island:
            verdict.mustIsland = true
            verdict.islandCause = verdict.islandCause.firmer(cause)
            islandBlindFor |= channels
        case .tripSource:
            verdict.mustTripSource = true
            verdict.sourceCause = verdict.sourceCause.firmer(cause)
            sourceBlindFor |= channels
        case .cease:
            verdict.mustCease = true
            verdict.ceaseCause = verdict.ceaseCause.firmer(cause)
            ceaseBlindFor |= channels
        }
    }
}

extension Cause {
    /// The first stage that tripped outranks blindness, and that nothing.
    fileprivate func firmer(_ other: Cause) -> Cause {
        if case .stage = self { return self }
        return other
    }
}

extension Measured {
    /// What this tick's figures say to a stage.
    func finding(for stage: Stage) -> Finding {
        if blind.meets(stage.watched.channels) { return .blind }
        switch stage.watched {
        case .gridLowest: return voltage(grid.lowest, grid, stage)
        case .gridHighest: return voltage(grid.highest, grid, stage)
        case .busLowest: return voltage(bus.lowest, bus, stage)
        case .busHighest: return voltage(bus.highest, bus, stage)
        case .gridFrequency: return frequency(grid.frequency.value, grid, stage)
        case .busFrequency: return frequency(bus.frequency.value, bus, stage)
        case .gridROCOF: return frequency(grid.rocof.value.magnitude, grid, stage)
        case .busROCOF: return frequency(bus.rocof.value.magnitude, bus, stage)
        case .gridVectorShift: return frequency(grid.vectorShift.magnitude, grid, stage)
        case .current: return judge(bus.highestCurrent.value, stage)
        case .dcBusVoltage: return judge(dcBusVoltage.value, stage)
        case .batteryVoltage: return judge(batteryVoltage.value, stage)
        case .batteryCurrent: return judge(batteryCurrent.value.magnitude, stage)
        case .batteryTemperature: return judge(batteryTemperature.value, stage)
        case .stateOfCharge: return judge(stateOfCharge, stage)
        }
    }
    private func voltage(_ value: Volts, _ side: ACMeasured, _ stage: Stage) -> Finding {
        side.isSettled ? judge(value.value, stage) : .absent
    }
    /// A frequency exists only where there is voltage enough to have one.
    private func frequency(_ value: Float, _ side: ACMeasured, _ stage: Stage) -> Finding {
        guard side.isSettled, side.positive.value >= frequencyFloor.value else { return .absent }
        return judge(value, stage)
    }
}
