import Control
import Quantities
import Testing

@testable import Calibration

@Suite("Limits guarded by uncertainty")
struct GuardTests {
    /// Standard uncertainty of `ratio` of the reading and `zero` besides.
    private func sure(_ channel: Calibrated, _ ratio: Double, zero: Double = 0, phase: Double = 0)
        -> CalibrationRecord
    {
        record(
            channel, Coefficients(),
            Uncertainty(
                parts: [.init("reference", .B, zero: zero, scale: ratio)], phase_deg: phase))
    }

    private func coupling() -> ControllerSettings {
        var s = SettingsTests.settings()
        s.frontEnd = .waveform(samplesPerTick: 8)
        for c in [WaveChannel.gridA, .busA, .currentA] {
            s.waves[Int(c.rawValue)] = ChannelSettings(isFitted: true)
        }
        s.stages = [
            Stage(.gridHighest, .over, 253, clearing: 1, dropout: 250, reset: 1, action: .island),
            Stage(.gridLowest, .under, 195, clearing: 1, dropout: 198, reset: 1, action: .island),
            Stage(.gridROCOF, .over, 1, clearing: 1, dropout: 0.9, reset: 1, action: .island),
            Stage(
                .gridFrequency, .over, 51.5, clearing: 1, dropout: 51.4, reset: 1, action: .island),
        ]
        s.coupling = CouplingSettings(
            times: IslandingTimes(
                openBy: 100, closeBy: 100, diagnose: 1, retry: 1, attempts: 3, deadBus: 1,
                proving: 1000, feedbackLag: 50, syncBy: 1000),
            window: EnterService.Window(
                voltage: (Volts(195.5), Volts(253)), frequency: (Hertz(49.5), Hertz(50.2)),
                delay: 60_000, excursion: 50),
            sync: SyncLimits(
                slip: Hertz(0.3), voltage: Volts(23), angle_deg: 20, aim_deg: 5,
                rocof: HertzPerSecond(1), confirm: 200),
            closingTime: Seconds(0.07),
            secondary: SecondarySettings(
                nominalFrequency: Hertz(50), nominalVoltage: Volts(230)))
        return s
    }

    @Test("Over comes down, under goes up, by twice the standard uncertainty at the pickup")
    func stages() {
        let set = CalibrationSet([sure(.wave(.gridA), 0.002), sure(.clock, 10e-6)])
        let guarded = LimitGuard(coupling(), by: set)
        let stages = guarded.settings.stages
        // 2 · 0.002 · 253 = 1.012 V; 2 · 0.002 · 195 = 0.78 V.
        #expect(abs(stages[0].pickup - 251.988) < 1e-3 && abs(stages[0].dropout - 248.988) < 1e-3)
        #expect(abs(stages[1].pickup - 195.78) < 1e-3 && abs(stages[1].dropout - 198.78) < 1e-3)
        // A rate of change is nobody's zero or scale.
        #expect(stages[2].pickup == 1)
        // 2 · 10 ppm · 51.5 Hz = 1.03 mHz.
        #expect(abs(stages[3].pickup - 51.49897) < 1e-5)
        #expect(guarded.limits.first?.channel == "grid_a")
        #expect(guarded.limits.first?.dominant == "reference")
    }

    @Test("What is not calibrated moves nothing")
    func nothing() {
        let before = coupling()
        let guarded = LimitGuard(before, by: CalibrationSet())
        #expect(guarded.limits.isEmpty && guarded.settings.stages == before.stages)
        #expect(guarded.settings.coupling?.sync == before.coupling?.sync)
        #expect(guarded.settings.presence == before.presence)
    }

    @Test("Synchronism check: both sides together, the angle with the switch's spread")
    func synchronism() throws {
        let set = CalibrationSet([
            sure(.wave(.gridA), 0.003, phase: 0.15), sure(.wave(.busA), 0.004, phase: 0.2),
            record(
                .travel(.islandingSwitch),
                travel: Travel(
                    close_s: 0.07, open_s: 0.02, closeSpread_s: 0.002, openSpread_s: 0.001,
                    operations: 20)),
        ])
        let guarded = LimitGuard(coupling(), by: set)
        let sync = try #require(guarded.settings.coupling?.sync)
        // 2 · 230 · √(0.003² + 0.004²) = 2.3 V.
        #expect(abs(sync.voltage.value - 20.7) < 1e-3)
        // 2 · 0.15°, 2 · 0.2°, 360 · 0.3 Hz · 2 · 2 ms = 0.432°: together √(0.09 + 0.16 + 0.187) = 0.661°.
        #expect(abs(sync.angle_deg - 19.339) < 1e-3)
        let window = try #require(guarded.settings.coupling?.window)
        // 195.5 + 2 · 0.003 · 195.5 and 253 − 2 · 0.003 · 253.
        #expect(abs(window.lowVoltage.value - 196.673) < 1e-3)
        #expect(abs(window.highVoltage.value - 251.482) < 1e-3)
        #expect(guarded.limits.allSatisfy { !$0.isSpent })
    }

    @Test("Pre-charge: of the one volt stays what both meters leave; less than nothing is spent")
    func preCharge() throws {
        var s = SettingsTests.settings()
        s.stages = [
            Stage(
                .batteryVoltage, .over, 58.4, clearing: 1, dropout: 57, reset: 1,
                action: .tripSource)
        ]
        s.contactor = ContactorSettings(
            leastVoltage: Volts(40), doneVoltage: Volts(1), doneCurrent: Amperes(0.05),
            preChargeBy: 2000, tries: 3, pause: 3000, lockout: 10_000, travel: 200,
            settleClose: 200,
            settleOpen: 100, hotCurrent: Amperes(1))
        let good = LimitGuard(
            s,
            by: CalibrationSet([
                sure(.scalar(.batteryVoltage), 0.0005), sure(.scalar(.linkVoltage), 0.0005),
                sure(.scalar(.batteryCurrent), 0, zero: 0.01),
            ]))
        let contactor = try #require(good.settings.contactor)
        // 1 − √2 · 2 · 0.0005 · 58.4 = 0.9174 V; 50 − 2 · 10 = 30 mA; 40 + 2 · 0.0005 · 40 V.
        #expect(abs(contactor.doneVoltage.value - 0.9174) < 1e-4)
        #expect(abs(contactor.doneCurrent.value - 0.03) < 1e-6)
        #expect(abs(contactor.leastVoltage.value - 40.04) < 1e-4)
        let poor = LimitGuard(
            s,
            by: CalibrationSet([
                sure(.scalar(.batteryVoltage), 0.01), sure(.scalar(.linkVoltage), 0.01),
            ]))
        let spent = try #require(poor.limits.first { $0.isSpent })
        #expect(spent.name == "pre-charge done, voltage" && spent.unit == "V")
        // Nothing closes on it: the difference's magnitude is never less than a negative limit.
        #expect((poor.settings.contactor?.doneVoltage.value ?? 1) < 0)
    }

    @Test("Power and energy: 0.1 % and 0.1 % and 0.1° at unity and at a power factor of 0.5")
    func power() {
        let u = PowerUncertainty(voltage: 0.001, current: 0.001, phase_deg: 0.1)
        #expect(abs(u.active(powerFactor: 1) - 0.0014142) < 1e-6)
        // tan 60° · 0.1° = 1.7321 · 0.0017453 = 0.0030230; with 0.0014142: 0.0033374.
        #expect(abs(u.active(powerFactor: 0.5) - 0.0033374) < 1e-6)
        let half = u.ofApparent(powerFactor: 0.5)
        #expect(abs(half.active - 0.0016687) < 1e-6)
        // √((0.0014142 · 0.86603)² + (0.0017453 · 0.5)²)
        #expect(abs(half.reactive - 0.0015035) < 1e-6)
    }
}
