import Control
import Quantities

/// The sites of the self-test: 1 kHz, 230 V 50 Hz, 10 A a phase. Times are ticks.
enum Site {
    /// Samples of each waveform in a tick.
    static let samples = 4

    /// A home behind its own islanding switch, sensed by waveforms of the tick's or the converter's
    /// clock, or by chips.
    static func home(_ frontEnd: FrontEnd) -> ControllerSettings {
        var s = base(frontEnd)
        fit(&s, .batteryVoltage, through: .linkVoltage)
        if frontEnd == .chip {
            fit(&s, .gridRMS, through: .angleAcross)
        } else {
            for k in 0..<WaveChannel.count {
                s.waves[k] = ChannelSettings(
                    isFitted: true, gain: k < 6 ? 0.05 : 0.002, lowest: -32_000, highest: 32_000,
                    staleAfter: 5, stuckAfter: 30)
            }
        }
        s.stages.append(stage(.busHighest, .over, 260, 20, 257, .tripSource))
        s.stages.append(stage(.busLowest, .under, 92, 500, 95, .tripSource))
        s.stages.append(stage(.batteryTemperature, .over, 55, 1000, 50, .tripSource, .person))
        s.stages.append(stage(.gridLowest, .under, 103.5, 160, 106, .island))
        s.stages.append(stage(.gridHighest, .over, 276, 160, 274, .island))
        s.stages.append(stage(.gridFrequency, .over, 52, 160, 51.9, .island))
        s.stages.append(stage(.gridFrequency, .under, 47.5, 160, 47.6, .island))
        s.stages.append(stage(.gridROCOF, .over, 1, 500, 0.9, .island))
        s.coupling = coupling
        s.source = SourceSettings(
            times: SourceTimes(
                observe: 300, follow: 300, blackStartAfter: 1000, ramp: 500, retry: 2000,
                readyBy: 60_000, outOfStep: 300),
            droop: DroopSettings(
                nominalFrequency: Hertz(50), nominalVoltage: Volts(230), rating: VoltAmperes(5000),
                mostOut: Watts(5000), mostIn: Watts(5000)))
        s.contactor = contactor
        for k in 0..<3 {
            s.loads.append(
                LoadGroup(
                    shedBelow: 49 - 0.3 * Float(k), shedAfter: 400,
                    shedAtCharge: 0.5 - 0.15 * Float(k), restoreAbove: 49.8,
                    restoreAtCharge: 0.55 - 0.15 * Float(k), restoreAfter: 1000))
        }
        s.curtailment = CurtailmentSettings(
            downAbove: 50.2, upBelow: 50.1, downEvery: 300, upEvery: 2000, step: 0.1, offAbove: 52)
        return s
    }

    /// A battery's converter on a 48 V bus; no AC.
    static func nanogrid() -> ControllerSettings {
        var s = base(.none)
        fit(&s, .batteryVoltage, through: .converterCurrent)
        s.stages.append(stage(.dcBusVoltage, .over, 60, 10, 58, .tripSource))
        s.stages.append(stage(.dcBusVoltage, .under, 36, 500, 40, .tripSource))
        s.stages.append(stage(.batteryTemperature, .over, 55, 1000, 50, .tripSource))
        s.contactor = contactor
        s.converter = ConverterDroopSettings(
            nominalVoltage: Volts(48), resistance: Ohms(0.05), mostCurrent: Amperes(40),
            restoreGain: 0.5)
        s.loads.append(
            LoadGroup(
                shedBelow: 46, shedAfter: 400, shedAtCharge: 0.3, restoreAbove: 47,
                restoreAtCharge: 0.35, restoreAfter: 1000))
        return s
    }

    private static func base(_ frontEnd: FrontEnd) -> ControllerSettings {
        var s = ControllerSettings(
            rate: TickRate(perSecond: 1000), frontEnd: frontEnd, nominalCurrent: Amperes(10),
            presence: PresenceLimits(deadBelow: Volts(23), liveAbove: Volts(161)),
            limits: SetpointLimits(
                frequencyBias: Hertz(2), voltageBias: Volts(30), active: Watts(5000),
                reactive: Vars(5000), horizon: 10_000))
        s.blindAfter = 100
        s.sourceTripHold = 500
        return s
    }

    private static func fit(
        _ s: inout ControllerSettings, _ first: ScalarChannel, through last: ScalarChannel
    ) {
        for k in Int(first.rawValue)...Int(last.rawValue) {
            s.scalars[k] = ChannelSettings(isFitted: true, staleAfter: 500)
        }
    }

    private static func stage(
        _ watched: Watched, _ sense: Sense, _ pickup: Float, _ clearing: UInt32, _ dropout: Float,
        _ action: StageAction, _ latch: Latch = .automatic
    ) -> Stage {
        Stage(
            watched, sense, pickup, clearing: clearing, dropout: dropout, reset: 200,
            action: action, latch: latch)
    }

    private static var coupling: CouplingSettings {
        CouplingSettings(
            times: IslandingTimes(
                openBy: 170, closeBy: 250, diagnose: 200, retry: 1000, attempts: 3, deadBus: 300,
                proving: 1000, feedbackLag: 50),
            window: EnterService.Window(
                voltage: (Volts(195.5), Volts(253)), frequency: (Hertz(49.5), Hertz(50.2)),
                delay: 500, excursion: 50),
            sync: SyncLimits(
                slip: Hertz(0.3), voltage: Volts(23), angle_deg: 20, aim_deg: 3,
                rocof: HertzPerSecond(1), confirm: 200),
            closingTime: Seconds(0.03),
            secondary: SecondarySettings(nominalFrequency: Hertz(50), nominalVoltage: Volts(230)))
    }

    private static var contactor: ContactorSettings {
        ContactorSettings(
            leastVoltage: Volts(10), doneVoltage: Volts(1), doneCurrent: Amperes(0.05),
            preChargeBy: 2000, tries: 3, pause: 3000, lockout: 10_000, travel: 150,
            settleClose: 200, settleOpen: 100, hotCurrent: Amperes(1))
    }
}
