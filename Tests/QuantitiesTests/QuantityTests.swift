import Quantities
import Testing

@Suite("Quantities")
struct QuantityTests {
    @Test("Every comparison with NaN is false")
    func notANumber() {
        let nan = Hertz(.nan)
        let f = Hertz(50)
        let claims = [
            nan < f, nan <= f, nan > f, nan >= f, f < nan, f <= nan, f > nan, f >= nan,
            nan == nan, nan <= nan, nan >= nan,
        ]
        #expect(claims.allSatisfy { !$0 })
        #expect(!(Hertz(49)...Hertz(51)).contains(nan))
        #expect(!nan.isFinite && !Hertz(.infinity).isFinite && f.isFinite)
    }

    @Test("The four comparisons of numbers")
    func order() {
        let low = Volts(1)
        let high = Volts(2)
        #expect(low < high && low <= high && high > low && high >= low)
        #expect(low <= low && low >= low && !(low < low) && !(low > low))
        #expect(low == Volts(1) && low != high)
    }

    @Test("Clamping gives NaN the low end, the safe one to ask for")
    func clamping() {
        #expect(Watts(.nan).clamped(Watts(-5), Watts(5)) == Watts(-5))
        #expect(Watts(.infinity).clamped(Watts(-5), Watts(5)) == Watts(5))
        #expect(Watts(3).clamped(Watts(-5), Watts(5)) == Watts(3))
    }

    @Test("Units multiply into units")
    func arithmetic() {
        #expect(Volts(230) * Amperes(10) == Watts(2300))
        #expect(Amperes(2) * Ohms(3) == Volts(6))
        #expect(Volts(6) / Ohms(3) == Amperes(2))
        #expect(Watts(2300) / Volts(230) == Amperes(10))
        #expect(HertzPerSecond(0.5) * Seconds(4) == Hertz(2))
        #expect(Volts(5) / Volts(2) == 2.5)
        var v = Volts(1)
        v += Volts(2)
        v -= Volts(0.5)
        #expect(v == Volts(2.5) && -v == Volts(-2.5) && (-v).magnitude == v)
        #expect(MemoryLayout<Volts>.size == 4)
    }
}

@Suite("Turns")
struct TurnsTests {
    @Test("A turn wraps by itself")
    func wrap() {
        let quarter = Turns(fraction: 0.25)
        #expect(quarter.raw == 1 << 30)
        #expect(quarter + quarter + quarter + quarter == .zero)
        #expect(Turns.zero - quarter == Turns(fraction: 0.75))
        #expect(Turns(fraction: -0.25) == Turns(fraction: 0.75))
        #expect(Turns(fraction: 1_000_000.25) == quarter)
        #expect(Turns(fraction: -3.5) == Turns(fraction: 0.5))
    }

    @Test("Signed is −0.5 ..< 0.5")
    func signed() {
        #expect(Turns(fraction: 0.5).signed == -0.5)
        #expect(Turns(fraction: 0.25).signed == 0.25)
        #expect(Turns(fraction: 0.75).signed == -0.25)
        #expect(Turns(degrees: 90) == Turns(fraction: 0.25))
        #expect(abs(Turns(degrees: -179).degrees + 179) < 1e-4)
    }

    @Test("Any Float makes an angle", arguments: [Float.nan, .infinity, -.infinity, 1e20, -3e38])
    func anything(x: Float) {
        #expect(Turns(fraction: x) == .zero)
    }

    @Test("Just below 2^24 turns a half is still a half")
    func large() {
        #expect(Turns(fraction: 8_388_607.5) == Turns(fraction: 0.5))
        #expect(Turns(fraction: 16_777_215) == .zero)
    }
}

@Suite("Energy")
struct EnergyTests {
    @Test("What is below a millijoule is carried, not lost")
    func remainder() {
        var energy = Energy.zero
        var rest: Int64 = 0
        // 1.5 W for 1 ms is 1500 µJ: every second tick makes two millijoules.
        for _ in 0..<1001 { _ = energy.add(Watts(1.5), microseconds: 1000, remainder_uJ: &rest) }
        #expect(energy.millijoules == 1501 && rest == 500)
        for _ in 0..<1001 { _ = energy.add(Watts(-1.5), microseconds: 1000, remainder_uJ: &rest) }
        #expect(energy == .zero && rest == 0)
    }

    @Test("Export counts down and its remainder is negative")
    func negative() {
        var energy = Energy.zero
        var rest: Int64 = 0
        #expect(energy.add(Watts(-0.0005), microseconds: 1_000_000, remainder_uJ: &rest))
        #expect(energy == .zero && rest == -500)
        #expect(energy < Energy(millijoules: 1))
    }

    @Test(
        "What is no power adds nothing", arguments: [Float.nan, .infinity, -.infinity, 3e38])
    func refused(power: Float) {
        var energy = Energy(millijoules: 7)
        var rest: Int64 = 3
        #expect(!energy.add(Watts(power), microseconds: 1000, remainder_uJ: &rest))
        #expect(energy.millijoules == 7 && rest == 3)
    }

    @Test("A gigawatt for ten hours at once is refused, not a trap")
    func tooMuch() {
        var energy = Energy.zero
        var rest: Int64 = 0
        #expect(!energy.add(Watts(9e8), microseconds: 36_000_000_000, remainder_uJ: &rest))
        #expect(Energy(millijoules: 3_600_000_000).kWh == 1)
    }
}
