import Control
import Quantities
import Testing

@testable import Calibration

/// Small numbers at random, the same for ever (SplitMix64; Steele, Lea and Flood 2014).
struct Dice {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
    /// −1 ..< 1.
    mutating func unit() -> Double { Double(Int64(bitPattern: next())) * 0x1p-63 }
}

/// A record of one channel, everything else at rest.
func record(
    _ channel: Calibrated, _ coefficients: Coefficients = Coefficients(),
    _ uncertainty: Uncertainty = Uncertainty(), travel: Travel? = nil, number: Int = 1
) -> CalibrationRecord {
    CalibrationRecord(
        channel: channel, number: number, board: "bench", serial: "1", nominal: Nominal(),
        coefficients: coefficients, uncertainty: uncertainty, travel: travel, range: 0...1,
        points: [],
        reference: ReferenceMeter(model: "", form: .limits, ofReading: 0, absolute: 0),
        person: "", at_s: 0, software: "")
}

@Suite("Corrections in the tick's terms")
struct SettingsTests {
    static func settings() -> ControllerSettings {
        var s = ControllerSettings(
            rate: TickRate(perSecond: 1000), frontEnd: .chip, nominalCurrent: Amperes(10),
            presence: PresenceLimits(deadBelow: Volts(23), liveAbove: Volts(161)),
            limits: SetpointLimits(
                frequencyBias: Hertz(1), voltageBias: Volts(1), active: Watts(1), reactive: Vars(1),
                horizon: 1))
        s.scalars[Int(ScalarChannel.batteryVoltage.rawValue)] = ChannelSettings(
            isFitted: true, gain: 20.5, offset: 0.25)
        s.scalars[Int(ScalarChannel.boardTemperature.rawValue)] = ChannelSettings(isFitted: true)
        return s
    }

    @Test(
        "The tick reads what the correction says, for any of them",
        arguments: 0..<200 as Range<UInt64>)
    func same(seed: UInt64) {
        var dice = Dice(seed)
        let k = Coefficients(
            zero: 0.5 * dice.unit(), scale: 0.1 * dice.unit() - (seed % 5 == 0 ? 2 : 0),
            curvature: seed % 3 == 0 ? 0 : 2e-3 * dice.unit(), zeroPerKelvin: 0.01 * dice.unit(),
            scalePerKelvin: 1e-3 * dice.unit(), temperature_degC: 20)
        let before = Self.settings()
        let after = before.calibrated(by: CalibrationSet([record(.scalar(.batteryVoltage), k)]))
        var calibrator = Calibrator(
            waves: after.waves, scalars: after.scalars, rate: after.rate)
        var readings = Readings()
        var sample = Sample()
        var worst = 0.0
        for _ in 0..<50 {
            let raw = 2.5 * dice.unit()
            let warm = seed % 2 == 0 ? 20.0 : 20 + 15 * dice.unit()
            sample[.batteryVoltage] = Scalar(raw: Float(raw), age: 0)
            sample[.boardTemperature] = Scalar(raw: Float(warm), age: 0)
            for _ in 0..<2 { calibrator.calibrate(sample, into: &readings) }
            let truth = k.corrected((Double(Float(raw)) - 0.25) * 20.5, at: Double(Float(warm)))
            worst = max(worst, (Double(readings[.batteryVoltage]) - truth).magnitude)
        }
        // Single precision of 60 V, three operations of it.
        #expect(worst < 3e-5, "seed \(seed)")
    }

    @Test("Phases: a channel sampled late reads early; 50 µs at 50 Hz are 0.9°")
    func phases() {
        var s = Self.settings()
        s.frontEnd = .waveform(samplesPerTick: 8)
        s.waves[6] = ChannelSettings(isFitted: true)
        let k = Coefficients(phase_deg: 3, skew_s: 50e-6)
        let after = s.calibrated(by: CalibrationSet([record(.wave(.currentA), k)]))
        #expect(abs(after.wavePhases[6].degrees - 2.1) < 1e-4)
        #expect(after.wavePhases[3] == .zero)
        let chip = Self.settings().calibrated(by: CalibrationSet([record(.scalar(.busCurrent), k)]))
        #expect(abs(chip.chipPhase.degrees - 2.1) < 1e-4)
    }

    @Test("A phase is told against the pair as it is sampled: a chain of pairs adds up")
    func chain() {
        var s = Self.settings()
        s.phases = 3
        s.frontEnd = .waveform(samplesPerTick: 8)
        for c in 0..<9 { s.waves[c] = ChannelSettings(isFitted: true) }
        let phases: [WaveChannel: Double] = [.busA: 1, .busB: 0.5, .currentA: 2, .currentB: -3]
        let set = CalibrationSet(
            phases.map { record(.wave($0.key), Coefficients(phase_deg: $0.value)) })
        let turns = s.calibrated(by: set).wavePhases
        let found = [3, 4, 6, 7].map { Double(turns[$0].degrees) }
        // busA 1 against gridA; busB 0.5 against busA; currents against their own voltages.
        let right = [1.0, 1.5, 3, -1.5]
        #expect(zip(found, right).allSatisfy { abs($0 - $1) < 1e-4 }, "\(found)")
        // Nothing is known of the others.
        #expect(turns[0] == .zero && turns[5] == .zero && turns[8] == .zero)
        // The voltage's own phase moves no power: current less voltage is what was found.
        #expect(abs((turns[6] - turns[3]).degrees - 2) < 1e-4)
        // A pair that is not fitted has no phase.
        s.waves[3].isFitted = false
        #expect(abs(s.calibrated(by: set).wavePhases[6].degrees - 2) < 1e-4)
    }

    @Test("The clock, and a channel that is not fitted stays as it is")
    func clock() {
        let set = CalibrationSet([
            record(.clock, Coefficients(scale: 20e-6)),
            record(.scalar(.pvPower), Coefficients(scale: 0.5)),
        ])
        let after = Self.settings().calibrated(by: set)
        #expect(abs(after.sampleClock - 1.00002) < 1e-7)
        #expect(!after.scalars[Int(ScalarChannel.pvPower.rawValue)].isFitted)
        #expect(after.scalars[Int(ScalarChannel.pvPower.rawValue)].gain == 1)
    }

    @Test("Of two records of a channel the later holds")
    func later() {
        let set = CalibrationSet([
            record(.clock, Coefficients(scale: 1e-5), number: 2),
            record(.clock, Coefficients(scale: 2e-5), number: 1),
        ])
        #expect(set[.clock]?.number == 2 && set.all.count == 1)
    }

    @Test("Travels: contactors' time-outs of the slower, the switch's lead and its time-outs")
    func travels() {
        var s = Self.settings()
        s.contactor = ContactorSettings(
            leastVoltage: Volts(40), doneVoltage: Volts(1), doneCurrent: Amperes(0.05),
            preChargeBy: 2000, tries: 3, pause: 3000, lockout: 10_000, travel: 200,
            settleClose: 200,
            settleOpen: 100, hotCurrent: Amperes(1))
        func travel(_ close: Double, _ spread: Double) -> Travel {
            Travel(
                close_s: close, open_s: 0.02, closeSpread_s: spread, openSpread_s: 0.001,
                operations: 20)
        }
        let set = [
            record(.travel(.mainContactor), travel: travel(0.06, 0.004)),
            record(.travel(.preCharge), travel: travel(0.02, 0.001)),
        ]
        // (0.06 + 3.3 · 0.004) · 1.5 = 0.1098 s.
        #expect(s.calibrated(by: CalibrationSet(set)).contactor?.travel == 110)
        // One alone says nothing of the other.
        #expect(s.calibrated(by: CalibrationSet([set[0]])).contactor?.travel == 200)
        // Nothing is called late before 50 ms.
        let quick = [Contact.mainContactor, .preCharge].map {
            record(.travel($0), travel: travel(0.01, 0.0005))
        }
        #expect(s.calibrated(by: CalibrationSet(quick)).contactor?.travel == 50)
    }
}
