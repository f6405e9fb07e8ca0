import Blocks
import Quantities
import Testing

@testable import Control

@Suite("A calibrated tick")
struct CalibratedTests {
    /// The battery's voltage and the board's temperature fitted, and one waveform.
    private struct Wired {
        var calibrator: Calibrator
        var readings = Readings()
        var sample = Sample()

        init(
            _ battery: ChannelSettings, wave: ChannelSettings = ChannelSettings(),
            phase: Turns = .zero
        ) {
            var waves = InlineArray<9, ChannelSettings>(repeating: ChannelSettings())
            var scalars = InlineArray<20, ChannelSettings>(repeating: ChannelSettings())
            waves[3] = wave
            scalars[Int(ScalarChannel.batteryVoltage.rawValue)] = battery
            for c in [ScalarChannel.boardTemperature, .busActive, .busReactive] {
                scalars[Int(c.rawValue)] = ChannelSettings(isFitted: true)
            }
            calibrator = Calibrator(
                waves: waves, scalars: scalars, rate: TickRate(perSecond: 1000), chipPhase: phase)
            sample.blockLength = 1
            for c in ScalarChannel.allCases { sample[c] = Scalar(raw: 0, age: 0) }
            sample.waves[3].age = 0
        }
        /// What `raw` volts read at `temperature`. Two ticks: a temperature counts from the next.
        mutating func read(_ raw: Float, at temperature: Float, age: UInt16 = 0) -> Float {
            sample[.batteryVoltage] = Scalar(raw: raw, age: 0)
            sample[.boardTemperature] = Scalar(raw: temperature, age: age)
            sample.waves[3].counts[0] = Int32(raw)
            for _ in 0..<2 { calibrator.calibrate(sample, into: &readings) }
            return readings[.batteryVoltage]
        }
    }

    private static var battery: ChannelSettings {
        var c = ChannelSettings(isFitted: true, gain: 2, offset: 1)
        c.correction.temperature = Celsius(20)
        return c
    }

    @Test("Curvature: v + c · v², v = (raw − offset) · gain")
    func curvature() {
        var settings = Self.battery
        settings.correction.curvature = 0.01
        var w = Wired(settings)
        // v = (6 − 1) · 2 = 10; 10 + 0.01 · 100 = 11.
        #expect(w.read(6, at: 20) == 11)
        // v = (−4 − 1) · 2 = −10; −10 + 1 = −9.
        #expect(w.read(-4, at: 20) == -9)
    }

    @Test("The gain and the zero follow the board's temperature, of waveforms too")
    func temperature() {
        var settings = Self.battery
        settings.correction.scalePerKelvin = 0.001
        settings.correction.zeroPerKelvin = 0.1
        var w = Wired(settings, wave: settings)
        #expect(w.read(6, at: 20) == 10)
        // 20 K: 10 · 1.02 + 2 = 12.2
        #expect(abs(w.read(6, at: 40) - 12.2) < 1e-5)
        #expect(abs(w.readings.waves[3][0] - 12.2) < 1e-5)
        // −10 K: 10 · 0.99 − 1 = 8.9
        #expect(abs(w.read(6, at: 10) - 8.9) < 1e-5)
    }

    @Test(
        "A temperature that is blind holds its last sound value; before the first nothing is moved",
        arguments: [(Float.nan, 0), (Float.infinity, 0), (35, 1000)] as [(Float, UInt16)])
    func blindTemperature(reading: Float, age: UInt16) {
        var settings = Self.battery
        settings.correction.scalePerKelvin = 0.001
        var w = Wired(settings)
        #expect(w.read(6, at: reading, age: age) == 10)
        #expect(abs(w.read(6, at: 40) - 10.2) < 1e-5)
        #expect(abs(w.read(6, at: reading, age: age) - 10.2) < 1e-5)
        #expect(w.readings.blind.meets(.scalar(.boardTemperature)))
        #expect(!w.readings.blind.meets(.scalar(.batteryVoltage)))
    }

    @Test("A coefficient that is no number blinds its channel", arguments: 0..<4)
    func notFinite(which: Int) {
        var settings = Self.battery
        switch which {
        case 0: settings.correction.curvature = .nan
        case 1: settings.correction.scalePerKelvin = .infinity
        case 2: settings.correction.zeroPerKelvin = .nan
        default: settings.correction.temperature = Celsius(.nan)
        }
        var w = Wired(settings, wave: which == 0 ? ChannelSettings() : settings)
        _ = w.read(6, at: 40)
        #expect(w.readings.blind.meets(.scalar(.batteryVoltage)))
        #expect(which == 0 || w.readings.blind.meets(.wave(.busA)))
    }

    @Test("The phase of a meter chip's current turns its powers")
    func chip() {
        // A current 30° late in truth that reads 27° late: 3° to take from its measured phase.
        // S = 1000 VA: P reads 1000 · cos 27° = 891.007 and Q 1000 · sin 27° = 453.990.
        var w = Wired(Self.battery, phase: Turns(fraction: -3.0 / 360))
        w.sample[.busActive] = Scalar(raw: 891.007, age: 0)
        w.sample[.busReactive] = Scalar(raw: 453.990, age: 0)
        w.calibrator.calibrate(w.sample, into: &w.readings)
        // 1000 · cos 30° and 1000 · sin 30°.
        #expect(abs(w.readings[.busActive] - 866.025) < 0.01)
        #expect(abs(w.readings[.busReactive] - 500) < 0.01)
    }

    /// A single-phase controller on samples that a phase error and a wrong clock have spoilt.
    private static func measured(
        currentLate_deg: Double, trueLate_deg: Double, clock: Double, mended: Bool
    ) -> Measured {
        var s = TestSite.coupling
        s.phases = 1
        if mended {
            s.sampleClock = Float(clock)
            s.wavePhases[6] = Turns(fraction: Float((currentLate_deg - trueLate_deg) / 360))
            s.wavePhases[0] = Turns(fraction: -5.0 / 360)
        }
        var controller = Controller(s)
        var sample = Sample()
        var record = Record()
        for c in 0..<9 { sample.waves[c].age = 0 }
        sample.blockLength = TestSite.samples
        let rate = 1000 * Double(TestSite.samples) * clock
        func count(_ amplitude: Double, _ turns: Double, _ perCount: Float) -> Int32 {
            Int32(
                (amplitude * cosineSine(radians: turns * 2 * Double.pi).cos / Double(perCount))
                    .rounded())
        }
        for n in 1...1500 {
            sample.tick = Tick(UInt64(n))
            for k in 0..<TestSite.samples {
                let turns = 50 * Double((n - 1) * TestSite.samples + k) / rate
                let cycle = turns - turns.rounded(.down)
                // The grid's voltage reads 5° early.
                sample.waves[0].counts[k] = count(325, cycle + 5.0 / 360, TestSite.voltsPerCount)
                sample.waves[3].counts[k] = count(325, cycle, TestSite.voltsPerCount)
                sample.waves[6].counts[k] = count(
                    14, cycle - currentLate_deg / 360, TestSite.amperesPerCount)
            }
            controller.tick(sample, wanting: .fallback, into: &record)
        }
        return record.measured
    }

    @Test("Phase errors undone: power factor, angle across the switch; and the clock's frequency")
    func waves() {
        // 325 V and 14 A peak are 2275 VA; the current is 60° late, the transformer makes it 57°.
        let raw = Self.measured(
            currentLate_deg: 57, trueLate_deg: 60, clock: 1.0005, mended: false)
        let mended = Self.measured(
            currentLate_deg: 57, trueLate_deg: 60, clock: 1.0005, mended: true)
        // 2275 · cos 57° = 1239.05 W, · cos 60° = 1137.5 W: 9 % of the power at a power factor of 0.5.
        #expect(abs(raw.bus.active.value - 1239.05) < 3)
        #expect(abs(mended.bus.active.value - 1137.5) < 3)
        // 2275 · sin 60° = 1970.2 var.
        #expect(abs(mended.bus.reactive.value - 1970.2) < 3)
        #expect(abs(raw.angleAcross_deg - 5) < 0.05)
        #expect(abs(mended.angleAcross_deg) < 0.05)
        // Samples come 0.05 % quicker than the meter believes: 50 Hz read 49.975 Hz.
        #expect(abs(raw.bus.frequency.value - 49.975) < 0.002)
        #expect(abs(mended.bus.frequency.value - 50) < 0.002)
        #expect(abs(mended.grid.frequency.value - 50) < 0.002)
        // The RMS is nobody's phase.
        #expect(abs(mended.bus.phaseA.value - 229.81) < 0.1)
    }
}
