import Quantities

@testable import Control

/// Controllers small enough to test by hand: 1 kHz, four samples a tick, 230 V 50 Hz, 10 A a phase.
/// Times are whole ticks (milliseconds).
enum TestSite {
    static let rate = TickRate(perSecond: 1000)
    static let samples = 4
    /// Volts and amperes per count.
    static let voltsPerCount: Float = 0.05
    static let amperesPerCount: Float = 0.002

    private static func base(_ frontEnd: FrontEnd) -> ControllerSettings {
        var s = ControllerSettings(
            rate: rate, frontEnd: frontEnd, nominalCurrent: Amperes(10),
            presence: PresenceLimits(deadBelow: Volts(23), liveAbove: Volts(161)),
            limits: SetpointLimits(
                frequencyBias: Hertz(2), voltageBias: Volts(30), active: Watts(5000),
                reactive: Vars(5000), horizon: 10_000))
        s.blindAfter = 100
        s.sourceTripHold = 500
        return s
    }
    private static func wave(_ gain: Float) -> ChannelSettings {
        ChannelSettings(
            isFitted: true, gain: gain, lowest: -32_000, highest: 32_000, staleAfter: 5,
            stuckAfter: 30)
    }
    private static func scalar(stuckAfter: UInt16 = 0) -> ChannelSettings {
        ChannelSettings(isFitted: true, staleAfter: 500, stuckAfter: stuckAfter)
    }
    private static func fit(_ s: inout ControllerSettings, _ waves: [WaveChannel]) {
        for c in waves {
            s.waves[Int(c.rawValue)] = wave(
                c.rawValue >= WaveChannel.currentA.rawValue ? amperesPerCount : voltsPerCount)
        }
    }
    private static func fit(_ s: inout ControllerSettings, _ scalars: [ScalarChannel]) {
        for c in scalars { s.scalars[Int(c.rawValue)] = scalar() }
    }

    /// The point of common coupling: a grid code in little, enter service after 500 ticks.
    static var coupling: ControllerSettings {
        var s = base(.waveform(samplesPerTick: samples))
        fit(&s, WaveChannel.allCases)
        s.stages = [
            Stage(
                .gridLowest, .under, 103.5, clearing: 160, dropout: 106, reset: 100, action: .island
            ),
            Stage(
                .gridLowest, .under, 184, clearing: 2000, dropout: 188, reset: 100, action: .island),
            Stage(
                .gridHighest, .over, 276, clearing: 160, dropout: 274, reset: 100, action: .island),
            Stage(
                .gridFrequency, .over, 52, clearing: 160, dropout: 51.9, reset: 100, action: .island
            ),
            Stage(
                .gridFrequency, .under, 47.5, clearing: 160, dropout: 47.6, reset: 100,
                action: .island
            ),
        ]
        s.coupling = CouplingSettings(
            times: IslandingTimes(
                openBy: 170, closeBy: 250, diagnose: 200, retry: 1000, attempts: 3, deadBus: 300,
                proving: 1000, feedbackLag: 50),
            window: EnterService.Window(
                voltage: (Volts(195.5), Volts(253)), frequency: (Hertz(49.5), Hertz(50.2)),
                delay: 500, excursion: 50),
            sync: SyncLimits(
                slip: Hertz(0.3), voltage: Volts(23), angle_deg: 20, aim_deg: 3,
                rocof: HertzPerSecond(1), confirm: 200),
            closingTime: Seconds(0.05),
            secondary: SecondarySettings(nominalFrequency: Hertz(50), nominalVoltage: Volts(230)))
        return s
    }

    /// A home: inverter on a battery behind its contactors, three load groups.
    static var home: ControllerSettings {
        var s = base(.waveform(samplesPerTick: samples))
        fit(&s, [.busA, .busB, .busC, .currentA, .currentB, .currentC])
        fit(
            &s,
            [.batteryVoltage, .batteryCurrent, .batteryTemperature, .stateOfCharge, .linkVoltage])
        s.stages = [
            Stage(
                .busHighest, .over, 260, clearing: 20, dropout: 257, reset: 200, action: .tripSource
            ),
            Stage(
                .busLowest, .under, 92, clearing: 500, dropout: 95, reset: 200, action: .tripSource),
            Stage(
                .batteryTemperature, .over, 55, clearing: 1000, dropout: 50, reset: 200,
                action: .tripSource, latch: .person),
        ]
        s.source = SourceSettings(
            times: SourceTimes(
                observe: 300, follow: 300, blackStartAfter: 1000, ramp: 500, retry: 2000,
                readyBy: 1000, outOfStep: 300),
            droop: DroopSettings(
                nominalFrequency: Hertz(50), nominalVoltage: Volts(230), rating: VoltAmperes(5000),
                mostOut: Watts(5000), mostIn: Watts(5000)))
        s.contactor = contactor
        s.loads = [49.0, 48.7, 48.4].enumerated().map { k, below in
            LoadGroup(
                shedBelow: below, shedAfter: 400, shedAtCharge: 0.5 - 0.15 * Float(k),
                restoreAbove: 49.8, restoreAtCharge: 0.55 - 0.15 * Float(k), restoreAfter: 1000)
        }
        s.curtailment = CurtailmentSettings(
            downAbove: 50.2, upBelow: 50.1, downEvery: 300, upEvery: 2000, step: 0.1, offAbove: 52)
        return s
    }

    /// The same home under a grid code: its inverter follows the grid.
    static var der: ControllerSettings {
        var s = home
        s.source = nil
        s.stages = [
            Stage(.busHighest, .over, 276, clearing: 120, dropout: 273, reset: 100, action: .cease),
            Stage(.busLowest, .under, 104, clearing: 120, dropout: 106, reset: 100, action: .cease),
            Stage(
                .busFrequency, .over, 52, clearing: 120, dropout: 51.9, reset: 100, action: .cease),
            Stage(
                .batteryTemperature, .over, 55, clearing: 1000, dropout: 50, reset: 200,
                action: .tripSource, latch: .person),
        ]
        var i = InterconnectSettings(
            nameplate: Nameplate(
                apparent: VoltAmperes(5000), mostOut: Watts(5000), mostIn: Watts(5000),
                mostInjected: Vars(2200), mostAbsorbed: Vars(2200)),
            enterService: EnterServiceSettings(
                window: EnterService.Window(
                    voltage: (Volts(211), Volts(241)), frequency: (Hertz(49.5), Hertz(50.1)),
                    delay: 500, excursion: 50),
                ramp: Seconds(1)))
        i.rideThrough.continuousFrequency = .init(49, 51)
        i.reactiveMode = .voltVar
        i.voltVar.curve = DERSite.voltVarB
        i.voltWatt.isEnabled = true
        i.antiIslanding.gain_per_Hz = 0.2
        i.isDispatched = true
        i.readyBy = 1000
        s.interconnect = i
        return s
    }

    /// A battery's converter on a 48 V bus; no AC.
    static var nanogrid: ControllerSettings {
        var s = base(.none)
        fit(
            &s,
            [
                .batteryVoltage, .batteryCurrent, .batteryTemperature, .stateOfCharge, .linkVoltage,
                .dcBusVoltage, .converterCurrent,
            ])
        s.stages = [
            Stage(
                .dcBusVoltage, .over, 60, clearing: 10, dropout: 58, reset: 100, action: .tripSource
            ),
            Stage(
                .dcBusVoltage, .under, 36, clearing: 500, dropout: 40, reset: 100,
                action: .tripSource),
        ]
        s.contactor = contactor
        s.converter = ConverterDroopSettings(
            nominalVoltage: Volts(48), resistance: Ohms(0.05), mostCurrent: Amperes(40))
        s.loads = [
            LoadGroup(
                shedBelow: 46, shedAfter: 400, shedAtCharge: 0.3, restoreAbove: 47,
                restoreAtCharge: 0.35, restoreAfter: 1000)
        ]
        return s
    }

    /// Everything in one controller: what a fuzzer wants.
    static var everything: ControllerSettings {
        var s = home
        let c = coupling
        s.waves = c.waves
        s.stages += c.stages
        s.coupling = c.coupling
        return s
    }

    static let contactor = ContactorSettings(
        leastVoltage: Volts(10), doneVoltage: Volts(1), doneCurrent: Amperes(0.05),
        preChargeBy: 2000, tries: 3, pause: 3000,
        lockout: 10_000, travel: 150, settleClose: 200, settleOpen: 100, hotCurrent: Amperes(1))

    static func named(_ name: String) -> ControllerSettings? {
        switch name {
        case "coupling": coupling
        case "home": home
        case "nanogrid": nanogrid
        case "der": der
        case "everything": everything
        default: nil
        }
    }
}
