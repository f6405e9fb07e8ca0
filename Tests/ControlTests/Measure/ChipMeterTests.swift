import Control
import Quantities
import Testing

@Suite("ChipMeter")
struct ChipMeterTests {
    static func meter(phases: Int = 1, window: Float = 0.5) -> ChipMeter {
        ChipMeter(
            nominalFrequency: Hertz(50), nominalVoltage: Volts(230), phases: phases,
            tick: Seconds(0.001), rocofWindow: Seconds(window))
    }

    static func reading(_ f: Float, v: Float = 231) -> ChipReading {
        var r = ChipReading()
        r.voltageA = Volts(v)
        r.currentA = Amperes(10)
        r.frequency = Hertz(f)
        r.active = Watts(2079)
        r.reactive = Vars(1006)
        return r
    }

    @Test("Two sound readings settle it, and the figures are the chip's")
    func figures() {
        var meter = Self.meter()
        meter.take(Self.reading(50))
        #expect(!meter.read().isSettled)
        meter.take(nil)
        meter.take(Self.reading(50))
        let m = meter.read()
        #expect(m.isSettled && m.phaseA == Volts(231) && m.lowest == Volts(231))
        #expect(m.frequency == Hertz(50) && m.currentA == Amperes(10))
        #expect(abs(m.powerFactor - 0.9) < 0.001 && abs(m.apparent.value - 2309.6) < 0.1)
    }

    @Test(
        "ROCOF of a ramp, from a chip that speaks every 20 ms", arguments: [0.1, 0.5, 3] as [Float])
    func rocof(window: Float) {
        var meter = Self.meter(window: window)
        for n in 0..<8000 {
            meter.take(n % 20 == 0 ? Self.reading(50 - Float(n) * 0.0005) : nil)
        }
        // Steps of 10 mHz over the window are the chip's own resolution in time.
        #expect(abs(meter.read().rocof.value + 0.5) < 0.011 / window)
    }

    @Test("Stale: after 0.2 s of silence nothing is settled, and two readings bring it back")
    func stale() {
        var meter = Self.meter()
        meter.take(Self.reading(50))
        meter.take(Self.reading(50))
        for _ in 0..<200 { meter.take(nil) }
        #expect(meter.read().isSettled)
        meter.take(nil)
        #expect(!meter.read().isSettled)
        meter.take(Self.reading(50))
        #expect(!meter.read().isSettled)
        meter.take(Self.reading(50))
        #expect(meter.read().isSettled)
    }

    @Test("What cannot be is refused", arguments: [Float.nan, .infinity, -1, 12_000])
    func impossible(v: Float) {
        var meter = Self.meter()
        for _ in 0..<3 { meter.take(Self.reading(50, v: v)) }
        #expect(!meter.read().isSettled && meter.refused == 3)
        meter.take(Self.reading(.nan))
        meter.take(Self.reading(120))
        #expect(meter.refused == 5)
    }

    @Test("Three phases must all be there")
    func threePhases() {
        var meter = Self.meter(phases: 3)
        meter.take(Self.reading(50))
        #expect(meter.refused == 1)
        var r = Self.reading(50)
        r.voltageB = Volts(229)
        r.voltageC = Volts(230)
        r.currentB = Amperes(1)
        r.currentC = Amperes(2)
        meter.take(r)
        meter.take(r)
        let m = meter.read()
        #expect(m.isSettled && m.positive == Volts(230) && m.currentC == Amperes(2))
    }

    @Test("A dead circuit needs no frequency and has none")
    func dead() {
        var meter = Self.meter()
        meter.take(Self.reading(.nan, v: 3))
        meter.take(Self.reading(77, v: 3))
        let m = meter.read()
        #expect(m.isSettled && m.frequency == Hertz(0) && m.rocof == HertzPerSecond(0))
    }
}

@Suite("DCChannel")
struct DCChannelTests {
    @Test("Mean, noise and slope of a noisy ramp; ahead is the value now")
    func ramp() {
        var channel = DCChannel(timeConstant: Seconds(0.1), sampleRate: Hertz(1000))
        var seed: UInt32 = 7
        var x: Float = 0
        var noise: Float = 0
        var mean: Float = 0
        for n in 0..<4000 {
            x = 48 + 0.002 * Float(n)
            seed = seed &* 1_664_525 &+ 1_013_904_223
            // Uniform over ±0.1: deviation 0.1 / √3 = 0.0577.
            channel.take(x + (Float(seed >> 8) / 8_388_608 - 1) * 0.1)
            if n >= 2000 {
                noise += channel.noise / 2000
                mean += (channel.ahead - x) / 2000
            }
        }
        #expect(channel.isSettled)
        #expect(abs(channel.slope - 2) < 0.2)
        #expect(abs(mean) < 0.005 && abs(x - channel.mean - 0.2) < 0.03)
        #expect(abs(noise - 0.0577) < 0.006)
    }

    @Test("It begins at the first sample and is settled after three time constants")
    func start() {
        var channel = DCChannel(timeConstant: Seconds(0.01), sampleRate: Hertz(1000))
        channel.take(48)
        #expect(channel.mean == 48 && !channel.isSettled)
        for _ in 0..<29 { channel.take(48) }
        #expect(channel.isSettled && channel.noise == 0 && channel.slope == 0)
    }

    @Test("Samples that are no numbers are left out; too many and it begins again")
    func notANumber() {
        var channel = DCChannel(timeConstant: Seconds(0.01), sampleRate: Hertz(1000))
        for n in 0..<100 { channel.take(n % 3 == 0 ? .nan : 48) }
        #expect(channel.isSettled && channel.mean == 48 && channel.missedSamples == 34)
        channel.skip(11)
        #expect(!channel.isSettled)
        channel.take(.infinity)
        channel.take(50)
        #expect(channel.mean == 50 && !channel.isSettled)
    }
}
