import Quantities

/// Runs every stage against what was measured.
public struct Protection: Sendable {
    public var stages: InlineArray<24, Stage>
    public let count: Int
    /// Blind for this many ticks on a channel the action rests on, and the action is taken.
    public let blindAfter: UInt32
    private var states: InlineArray<24, StageState>
    private var islandBlind: UInt32 = 0
    private var sourceBlind: UInt32 = 0
    private let islandNeeds: ChannelSet
    private let sourceNeeds: ChannelSet
    private var sourceTripHeld: UInt32 = 0
    private let sourceTripHold: UInt32

    /// - Parameters:
    ///   - stages: at most `stageLimit`.
    ///   - islandNeeds: channels without which the grid cannot be called sound.
    ///   - sourceNeeds: channels without which the own source cannot be called sound.
    ///   - sourceTripHold: ticks a source stays tripped after a blind channel sees again.
    public init(
        _ stages: [Stage], blindAfter: UInt32, islandNeeds: ChannelSet, sourceNeeds: ChannelSet,
        sourceTripHold: UInt32
    ) {
        precondition(stages.count <= stageLimit, "at most \(stageLimit) stages")
        let idle = Stage(
            .current, .over, .infinity, clearing: 0, dropout: 0, reset: 0, action: .alarm)
        self.stages = InlineArray(repeating: idle)
        for k in stages.indices { self.stages[k] = stages[k] }
        count = stages.count
        states = InlineArray(repeating: StageState())
        self.blindAfter = blindAfter
        self.islandNeeds = islandNeeds
        self.sourceNeeds = sourceNeeds
        self.sourceTripHold = sourceTripHold
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
        var k = 0
        while k < count {
            let stage = stages[k]
            let isIdle =
                stage.watched.isOfBus
                && (stage.action == .tripSource && !sourceRuns
                    || stage.action == .island && !isTied)
            let finding = isIdle ? .sound : measured.finding(for: stage)
            let bit: UInt32 = 1 << UInt32(k)
            if states[k].step(stage, finding, elapsed: elapsed, acknowledged: acknowledged) {
                verdict.newlyTripped |= bit
            }
            if finding == .beyond || finding == .blind { verdict.pickedUp |= bit }
            if states[k].isTripped {
                verdict.tripped |= bit
                switch stage.action {
                case .alarm: break
                case .island: verdict.mustIsland = true
                case .tripSource: verdict.mustTripSource = true
                }
                if stage.action != .alarm && verdict.cause == .none {
                    verdict.cause = .stage(UInt8(k))
                }
            }
            k &+= 1
        }
        islandBlind = measured.blind.meets(islandNeeds) ? longer(islandBlind, by: elapsed) : 0
        sourceBlind = measured.blind.meets(sourceNeeds) ? longer(sourceBlind, by: elapsed) : 0
        if islandBlind >= max(blindAfter, 1) {
            verdict.mustIsland = true
            if verdict.cause == .none { verdict.cause = .blind }
        }
        let isBlind = sourceBlind >= max(blindAfter, 1)
        if isBlind { sourceTripHeld = sourceTripHold }
        if isBlind || sourceTripHeld > 0 {
            verdict.mustTripSource = true
            if verdict.cause == .none { verdict.cause = .blind }
            if sourceBlind == 0 { sourceTripHeld -= min(sourceTripHeld, elapsed) }
        }
        return verdict
    }
}

extension Measured {
    /// What this tick's figures say to a stage.
    func finding(for stage: Stage) -> Finding {
        switch stage.watched {
        case .gridLowest: voltage(grid.lowest, grid, .gridVoltages, stage)
        case .gridHighest: voltage(grid.highest, grid, .gridVoltages, stage)
        case .busLowest: voltage(bus.lowest, bus, .busVoltages, stage)
        case .busHighest: voltage(bus.highest, bus, .busVoltages, stage)
        case .gridFrequency: frequency(grid.frequency.value, grid, .gridVoltages, stage)
        case .busFrequency: frequency(bus.frequency.value, bus, .busVoltages, stage)
        case .gridROCOF: frequency(grid.rocof.value.magnitude, grid, .gridVoltages, stage)
        case .busROCOF: frequency(bus.rocof.value.magnitude, bus, .busVoltages, stage)
        case .gridVectorShift: frequency(grid.vectorShift.magnitude, grid, .gridVoltages, stage)
        case .current: seen(bus.highestCurrent.value, .currents, stage)
        case .dcBusVoltage: seen(dcBusVoltage.value, .scalar(.dcBusVoltage), stage)
        case .batteryVoltage: seen(batteryVoltage.value, .scalar(.batteryVoltage), stage)
        case .batteryCurrent: seen(batteryCurrent.value.magnitude, .scalar(.batteryCurrent), stage)
        case .batteryTemperature:
            seen(batteryTemperature.value, .scalar(.batteryTemperature), stage)
        case .stateOfCharge: seen(stateOfCharge, .scalar(.stateOfCharge), stage)
        }
    }
    private func seen(_ value: Float, _ channels: ChannelSet, _ stage: Stage) -> Finding {
        blind.meets(channels) ? .blind : judge(value, stage)
    }
    private func voltage(
        _ value: Volts, _ side: ACMeasured, _ channels: ChannelSet, _ stage: Stage
    ) -> Finding {
        blind.meets(channels) ? .blind : side.isSettled ? judge(value.value, stage) : .absent
    }
    /// A frequency exists only where there is voltage enough to have one.
    private func frequency(
        _ value: Float, _ side: ACMeasured, _ channels: ChannelSet, _ stage: Stage
    ) -> Finding {
        if blind.meets(channels) { return .blind }
        guard side.isSettled, side.positive.value >= frequencyFloor.value else { return .absent }
        return judge(value, stage)
    }
}
