import Blocks
import Control
import Quantities

/// Turns controllers through a story made of integers, and prints a digest of every field of every
/// record: equal on every processor, or the tick is not one and the same there.
@main
struct SelfTest {
    static func main() {
        var all = RecordHash()
        var seen = Coverage()
        take("waves", waves(.tick), &all, &seen)
        take("converter clock", waves(.converter), &all, &seen)
        take("chips", chips(), &all, &seen)
        take("nanogrid", nanogrid(), &all, &seen)
        let laws = droops()
        write("droop", laws)
        all.add(laws)
        seen.write()
        writeSizes()
        Console.write(seen.isWhole ? "covered everything" : "covered not everything")
        Console.end()
        write("all", all.value)
    }

    private static func take(
        _ name: StaticString, _ rig: Rig, _ all: inout RecordHash, _ seen: inout Coverage
    ) {
        write(name, rig.digest.value)
        all.add(rig.digest.value)
        seen.add(rig.seen)
    }

    private static func write(_ name: StaticString, _ digest: UInt64) {
        Console.write("digest ")
        Console.write(name)
        Console.write(" ")
        Console.write(hex: digest)
        Console.end()
    }

    /// Bytes of what a board keeps: the controller's whole state, a sample, a record.
    private static func writeSizes() {
        Console.write("size ")
        Console.write(UInt64(MemoryLayout<Controller>.size))
        Console.write(" ")
        Console.write(UInt64(MemoryLayout<Sample>.size))
        Console.write(" ")
        Console.write(UInt64(MemoryLayout<Record>.size))
        Console.end()
    }

    /// A home is energised, loses the grid, sees badly, and returns to the grid; then its battery is
    /// too hot.
    private static func waves(_ clock: SampleClock) -> Rig {
        var rig = Rig(
            Site.home(.waveform(samplesPerTick: Site.samples, clock: clock)), samples: Site.samples)
        rig.grid.voltage_mV = 230_000
        rig.current_mA = 2500
        for n in 1...18_000 {
            script(n, &rig)
            switch n {
            case 5600: rig.nonsense = .nan
            case 5615: rig.nonsense = .infinity
            // Not a number with a sign and a payload, and one that signals.
            case 5630: rig.nonsense = Float(bitPattern: 0xFFC0_1234)
            case 5645: rig.nonsense = Float(bitPattern: 0x7F80_0001)
            case 5660: rig.nonsense = nil
            // Phase b of the bus is not heard.
            case 6000: rig.unheard = 1 << 4
            case 6300: rig.unheard = 0
            // More than 32 bits of ticks, and of samples below.
            case 17_400: rig.leap(5_000_000_000)
            default: break
            }
            var passed = n == 5001 ? 7 : n == 5201 ? 300 : n % 1777 == 5 ? 3 : 1
            if clock == .converter {
                // Blocks of three, four and five, sometimes none; one is lost now and then.
                rig.bring(
                    n % 50 == 7 ? 0 : 3 + n % 3, lost: n == 17_500 ? .max : n % 500 == 9 ? 1 : 0)
                passed = 1
            }
            rig.turn(passed: passed)
        }
        return rig
    }

    /// The same home behind meter chips; the bus's chip hangs for a second.
    private static func chips() -> Rig {
        var rig = Rig(Site.home(.chip), samples: 0)
        rig.grid.voltage_mV = 230_000
        rig.current_mA = 2500
        for n in 1...18_000 {
            script(n, &rig)
            switch n {
            case 6000: rig.unheard = 0b11111 << 29
            case 7000: rig.unheard = 0
            default: break
            }
            rig.turn(passed: n % 1777 == 5 ? 3 : 1)
        }
        return rig
    }

    private static func script(_ n: Int, _ rig: inout Rig) {
        switch n {
        case 1:
            rig.wish = Setpoints(
                expires: Tick(1000), tied: true, guarded: true, active: Watts(1500))
        case 3500: rig.grid.frequency_mHz = 50_100
        case 4000:
            rig.grid.voltage_mV = 0
            rig.wish.tied = false
        case 8000: rig.wish.active = Watts(.nan)
        case 8100: rig.wish.active = Watts(-700)
        case 9000:
            rig.grid.voltage_mV = 228_000
            rig.grid.frequency_mHz = 50_050
        case 14_000: rig.temperature_dC = 600
        case 15_500: rig.temperature_dC = 250
        case 16_500: rig.wish.acknowledge = true
        default: break
        }
    }

    /// A battery charges its link and holds a DC bus; it is loaded, blinded and too hot.
    private static func nanogrid() -> Rig {
        var rig = Rig(Site.nanogrid(), samples: 0)
        rig.current_mA = 5000
        for n in 1...10_000 {
            switch n {
            case 2000: rig.current_mA = 35_000
            case 3000: rig.current_mA = -12_000
            // The converter's current is not heard.
            case 4000: rig.unheard = 1 << 22
            case 4900: rig.unheard = 0
            case 5500: rig.nonsense = -.infinity
            case 5560:
                rig.nonsense = nil
                rig.temperature_dC = 600
            case 7000: rig.temperature_dC = 250
            default: break
            }
            rig.turn(passed: n % 1777 == 5 ? 3 : 1)
        }
        return rig
    }

    /// The droop law of `Blocks` in `Float` and in `Double`, which a Cortex-M4 has not in hardware.
    private static func droops() -> UInt64 {
        var single = DroopTick(cascade(link_V: 400))
        var double = DroopTickDouble(cascade(link_V: 400))
        var hash = RecordHash()
        for n in 0..<4000 as Range<UInt32> {
            let angle = n &* 21_474_836
            let v = (325 as Int64, wave(angle)), i = (Int64(n % 20), wave(angle &- 99_000_000))
            let one = single.tick(
                voltage: phases(v), filter: phases(i), output: phases(i), dt: 1e-4)
            let two = double.tick(
                voltage: phases(v), filter: phases(i), output: phases(i), dt: 1e-4)
            hash.add(one.a)
            hash.add(one.b)
            hash.add(one.c)
            hash.add(two.a.bitPattern)
            hash.add(two.b.bitPattern)
            hash.add(two.c.bitPattern)
            hash.add(double.phase_rad.bitPattern)
        }
        return hash.value
    }
    private static func wave(_ angle: UInt32) -> (Int64, Int64, Int64) {
        (sine(angle) >> 10, sine(angle &- third) >> 10, sine(angle &+ third) >> 10)
    }
    private static func phases<S: BinaryFloatingPoint & Sendable>(
        _ of: (Int64, (Int64, Int64, Int64))
    ) -> Phases<S> {
        let unit: S = 1 / 1_048_576
        return Phases(
            S(of.0 * of.1.0) * unit, S(of.0 * of.1.1) * unit, S(of.0 * of.1.2) * unit)
    }
    private static func cascade<S: BinaryFloatingPoint & SIMDScalar & Sendable>(
        link_V: S
    ) -> DroopCascade<S> {
        DroopCascade(
            frequency: DroopLaw(nominal: 314.159265, slope: 1e-4),
            voltage: DroopLaw(nominal: 325.27, slope: 1e-3), powerFilter: LowPass(corner: 31.4),
            virtual: VirtualImpedance(R_ohm: 0.05, L_H: 1e-3),
            voltageLoop: ProportionalIntegral(proportional: 0.05, integral: 390, limit: 30),
            currentLoop: ProportionalIntegral(proportional: 10.5, integral: 16e3, limit: 400),
            feedForward: 0.75, Lf_H: 1.35e-3, Cf_F: 50e-6, link_V: link_V)
    }
}
