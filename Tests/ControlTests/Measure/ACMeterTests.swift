import Control
import Quantities
import Testing
import skerry_measure

@Suite("ACMeter")
struct ACMeterTests {
    static func settings(phases: Int = 3, rate: Float = 20_000) -> ACMeterSettings {
        ACMeterSettings(
            nominalFrequency: Hertz(50), nominalVoltage: Volts(230), phases: phases,
            sampleRate: Hertz(rate), nominalCurrent: Amperes(20))
    }

    static func wave(
        phases: Int = 3, rate: Double = 20_000, dirt: Waveform.Dirt = .all,
        _ change: (inout Waveform.Course) -> Void = { _ in }
    ) -> Waveform {
        var course = Waveform.Course()
        change(&course)
        return Waveform(
            nominal_Hz: 50, phases: phases, rate_Hz: rate, course: course, dirt: dirt, seed: 5)
    }

    static func feed(_ meter: inout ACMeter, _ wave: inout Waveform, samples: Int) {
        for _ in 0..<samples {
            let (v, i) = wave.next()
            meter.take(
                va: Float(v[0] * 230), vb: Float(v[1] * 230), vc: Float(v[2] * 230),
                ia: Float(i[0] * 20), ib: Float(i[1] * 20), ic: Float(i[2] * 20))
        }
    }

    @Test("Not settled before the first cycles; then it is")
    func start() {
        var meter = ACMeter(Self.settings())
        var wave = Self.wave()
        #expect(!meter.read().isSettled)
        Self.feed(&meter, &wave, samples: 800)
        #expect(!meter.read().isSettled)
        Self.feed(&meter, &wave, samples: 1600)
        let m = meter.read()
        #expect(m.isSettled && abs(m.frequency.value - 50) < 0.1)
    }

    @Test("A dead circuit is settled, without frequency and without ROCOF")
    func dead() {
        var meter = ACMeter(Self.settings())
        var wave = Self.wave { $0.levelBefore = 0 }
        Self.feed(&meter, &wave, samples: 4000)
        let m = meter.read()
        #expect(m.isSettled && m.frequency == Hertz(0) && m.rocof == HertzPerSecond(0))
        #expect(m.highest < Volts(0.05 * 230))
    }

    @Test("Loss of voltage: RMS is below 5 % one cycle later and frequency is gone")
    func loss() {
        var meter = ACMeter(Self.settings())
        var wave = Self.wave {
            $0.event_s = 0.5
            $0.levelAfter = 0
        }
        Self.feed(&meter, &wave, samples: 10_000)
        #expect(meter.read().frequency > Hertz(49.9))
        Self.feed(&meter, &wave, samples: 440)
        let m = meter.read()
        #expect(m.isSettled && m.highest < Volts(0.05 * 230) && m.frequency == Hertz(0))
    }

    @Test("Wrong phase rotation has live voltages and no frequency")
    func reversed() {
        var meter = ACMeter(Self.settings())
        var wave = Self.wave(dirt: .none)
        for _ in 0..<8000 {
            let (v, _) = wave.next()
            meter.take(
                va: Float(v[0] * 230), vb: Float(v[2] * 230), vc: Float(v[1] * 230), ia: 0, ib: 0,
                ic: 0)
        }
        let m = meter.read()
        #expect(m.frequency == Hertz(0) && m.positive < Volts(1))
        #expect(abs(m.negative.value - 230) < 0.5 && abs(m.lowest.value - 230) < 0.5)
    }

    @Test(
        "A frequency beyond 20 % of nominal is never taken for another",
        arguments: [-30.0, -25, -15, 20])
    func outOfRange(offset: Double) {
        for phases in [1, 3] {
            var meter = ACMeter(Self.settings(phases: phases))
            var wave = Self.wave(phases: phases) { $0.offset_Hz = offset }
            var believed = 0
            for _ in 0..<2000 {
                Self.feed(&meter, &wave, samples: 20)
                let m = meter.read()
                if m.isSettled && !m.isDisturbed && m.frequency.value > 0 { believed += 1 }
            }
            #expect(believed == 0)
        }
    }

    @Test("The direction of power: import positive, export negative, lagging Q positive")
    func direction() {
        var wave = Self.wave(dirt: .none)
        var other = Self.wave(dirt: .none)
        var meter = ACMeter(Self.settings())
        Self.feed(&meter, &wave, samples: 8000)
        let m = meter.read()
        // 3 · 230 V · 20 A at power factor 0.9 lagging.
        #expect(abs(m.active.value - 12_420) < 10 && abs(m.reactive.value - 6015.3) < 10)
        #expect(abs(m.powerFactor - 0.9) < 0.001 && abs(m.apparent.value - 13_800) < 10)
        var backwards = ACMeter(Self.settings())
        for _ in 0..<8000 {
            let (v, i) = other.next()
            backwards.take(
                va: Float(v[0] * 230), vb: Float(v[1] * 230), vc: Float(v[2] * 230),
                ia: Float(-i[0] * 20), ib: Float(-i[1] * 20), ic: Float(-i[2] * 20))
        }
        #expect(abs(backwards.read().active.value + 12_420) < 10)
    }

    @Test("A sample that is no number is a gap of one", arguments: [Float.nan, .infinity, 1e30])
    func notANumber(bad: Float) {
        for rate in [4000.0, 20_000] {
            var meter = ACMeter(Self.settings(rate: Float(rate)))
            var wave = Self.wave(rate: rate)
            var worst: Float = 0
            for n in 0..<Int(rate) {
                let (v, i) = wave.next()
                let spoilt = n % 37 == 0
                meter.take(
                    va: spoilt ? bad : Float(v[0] * 230), vb: Float(v[1] * 230),
                    vc: Float(v[2] * 230), ia: Float(i[0] * 20), ib: Float(i[1] * 20),
                    ic: Float(i[2] * 20))
                if n > Int(rate / 4) && n % 20 == 0 {
                    let m = meter.read()
                    let off = max(
                        (m.frequency.value - 50).magnitude * 20,
                        (m.phaseB.value - Float(wave.truth.phases[1] * 230)).magnitude)
                    worst = m.isSettled && off >= 0 ? max(worst, off) : .infinity
                }
            }
            #expect(worst < 2.3, "2.3 V, or 0.115 Hz")
            #expect(meter.missedSamples == UInt64((Int(rate) + 36) / 37))
        }
    }

    @Test("Only bad samples: the windows are given up within half a cycle, and come back")
    func onlyBad() {
        var meter = ACMeter(Self.settings())
        var wave = Self.wave()
        Self.feed(&meter, &wave, samples: 10_000)
        #expect(meter.read().isSettled)
        for _ in 0..<200 { meter.take(va: .nan, vb: 0, vc: 0, ia: 0, ib: 0, ic: 0) }
        #expect(!meter.read().isSettled)
        for _ in 0..<20_000 { meter.take(va: .nan, vb: 0, vc: 0, ia: 0, ib: 0, ic: 0) }
        #expect(!meter.read().isSettled)
        Self.feed(&meter, &wave, samples: 6000)
        let m = meter.read()
        #expect(m.isSettled && abs(m.frequency.value - 50) < 0.1)
    }

    @Test("A missed tick coasts; phase comes out right behind it", arguments: [7, 20, 60])
    func skipped(samples: Int) {
        var meter = ACMeter(Self.settings())
        var wave = Self.wave { $0.offset_Hz = 1.7 }
        Self.feed(&meter, &wave, samples: 10_000)
        var worst: Float = 0
        for _ in 0..<40 {
            for _ in 0..<samples { _ = wave.next() }
            meter.skip(samples)
            let m = meter.read()
            let turns = wave.truth.turns - wave.truth.turns.rounded(.down)
            let truth = Turns(raw: UInt32(turns * 4_294_967_295))
            worst = m.isSettled ? max(worst, (m.phase - truth).degrees.magnitude) : .infinity
            Self.feed(&meter, &wave, samples: 1000)
        }
        #expect(worst < 1)
        #expect(meter.missedSamples == UInt64(40 * samples))
    }

    @Test("A long gap unsettles, a very long one starts again", arguments: [150, 799, 2_000_000])
    func gap(samples: Int) {
        var meter = ACMeter(Self.settings())
        var wave = Self.wave()
        Self.feed(&meter, &wave, samples: 10_000)
        meter.skip(samples)
        #expect(!meter.read().isSettled)
        Self.feed(&meter, &wave, samples: 3000)
        #expect(meter.read().isSettled)
    }

    @Test("A meter of voltages alone says the same of them, bit for bit")
    func voltageMeter() {
        var both = ACMeter(Self.settings())
        var alone = VoltageMeter(Self.settings())
        var wave = Self.wave { $0.step_deg = 30 }
        var same = true
        for _ in 0..<2000 {
            for _ in 0..<20 {
                let (v, i) = wave.next()
                let (a, b, c) = (Float(v[0] * 230), Float(v[1] * 230), Float(v[2] * 230))
                both.take(va: a, vb: b, vc: c, ia: Float(i[0]), ib: Float(i[1]), ic: Float(i[2]))
                alone.take(va: a, vb: b, vc: c)
            }
            var m = both.read()
            m.active = Watts(0)
            m.reactive = Vars(0)
            m.apparent = VoltAmperes(0)
            m.powerFactor = 0
            m.currentA = Amperes(0)
            m.currentB = Amperes(0)
            m.currentC = Amperes(0)
            m.directCurrent = Amperes(0)
            if m != alone.read() { same = false }
        }
        #expect(same)
    }

    @Test("One phase: what is on the other terminals does not matter")
    func onePhase() {
        var meter = ACMeter(Self.settings(phases: 1))
        var wave = Self.wave(phases: 1)
        for _ in 0..<8000 {
            let (v, i) = wave.next()
            meter.take(
                va: Float(v[0] * 230), vb: .nan, vc: .infinity, ia: Float(i[0] * 20), ib: .nan,
                ic: 7)
        }
        let m = meter.read()
        #expect(m.isSettled && m.phaseB == m.phaseA && m.negative == Volts(0))
        #expect(m.currentB == Amperes(0))
    }

    @Test("Distortion and direct current are what was put in")
    func quality() {
        var meter = ACMeter(Self.settings())
        var dirt = Waveform.Dirt()
        dirt.harmonics = [0.06, 0.04, 0.03, 0.02]
        dirt.offset = 0.01
        var wave = Self.wave(dirt: dirt)
        Self.feed(&meter, &wave, samples: 8000)
        let m = meter.read()
        #expect(abs(m.distortion - 0.0806) < 0.001)
        #expect(abs(m.directCurrent.value - 0.2) < 0.005)
    }

    @Test("The same samples make the same bits on every processor")
    func golden() {
        // No libm here: a triangle in integers with a little seeded noise, 50.4 Hz at 20 kHz.
        var meter = ACMeter(Self.settings())
        var noise: UInt32 = 1
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for n in 0..<40_000 as Range<UInt32> {
            noise = noise &* 1_664_525 &+ 1_013_904_223
            func triangle(_ shift: UInt32) -> Float {
                let phase = n &* 10_823_317 &+ shift
                let up = Int32(bitPattern: phase).magnitude
                return Float(Int64(up) - (1 << 30)) * (325.0 / 1_073_741_824)
                    + Float(noise >> 28)
            }
            let a = triangle(0)
            let b = triangle(2_863_311_531)
            let c = triangle(1_431_655_765)
            meter.take(va: a, vb: b, vc: c, ia: b * 0.1, ib: c * 0.1, ic: a * 0.1)
            guard n % 20 == 19 else { continue }
            let m = meter.read()
            for x in [
                m.phaseA.value.bitPattern, m.negative.value.bitPattern,
                m.frequency.value.bitPattern, m.rocof.value.bitPattern, m.phase.raw,
                m.active.value.bitPattern, m.reactive.value.bitPattern,
                m.distortion.bitPattern, m.vectorShift.bitPattern,
            ] {
                hash = (hash ^ UInt64(x)) &* 0x100_0000_01B3
            }
        }
        #expect(meter.read().isSettled)
        #expect(hash == 16_873_521_342_864_906_026, "FNV-1a of 2000 readings")
    }
}
