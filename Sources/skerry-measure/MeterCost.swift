import Control
import Foundation
import Quantities

/// Nanoseconds per sample of the meters, a reading every millisecond included. The least of
/// twenty rounds, since other programs share the processor.
enum MeterCost {
    static func print() {
        Swift.print("| meter | samples/s | ns per sample | ns per 1 ms tick |")
        Swift.print("|---|---|---|---|")
        for rate in [4000.0, 8000, 10_000, 20_000] {
            let both = nanosecondsPerSample(rate_Hz: rate)
            let volts = cost(rate) { settings in
                var meter = VoltageMeter(settings)
                return { wave, block in
                    var sum: Float = 0
                    var k = 0
                    while k < wave.count {
                        for n in k..<(k + block) {
                            let s = wave[n]
                            meter.take(va: s[0], vb: s[1], vc: s[2])
                        }
                        sum += meter.read().frequency.value
                        k += block
                    }
                    return sum
                }
            }
            for (name, ns) in [("voltages and currents", both), ("voltages", volts)] {
                Swift.print(
                    "| \(name) | \(Int(rate)) | \(String(format: "%.1f", ns)) "
                        + "| \(String(format: "%.0f", ns * rate / 1000)) |")
            }
        }
    }

    /// Of `ACMeter`: three voltages and three currents.
    static func nanosecondsPerSample(rate_Hz: Double) -> Double {
        cost(rate_Hz) { settings in
            var meter = ACMeter(settings)
            return { wave, block in
                var sum: Float = 0
                var k = 0
                while k < wave.count {
                    for n in k..<(k + block) {
                        let s = wave[n]
                        meter.take(va: s[0], vb: s[1], vc: s[2], ia: s[3], ib: s[4], ic: s[5])
                    }
                    sum += meter.read().frequency.value
                    k += block
                }
                return sum
            }
        }
    }

    private static func cost(
        _ rate: Double, _ make: (ACMeterSettings) -> ([SIMD8<Float>], Int) -> Float
    ) -> Double {
        var source = Waveform(
            nominal_Hz: 50, phases: 3, rate_Hz: rate, course: Waveform.Course(), dirt: .all,
            seed: 1)
        let wave = (0..<Int(rate)).map { _ -> SIMD8<Float> in
            let (v, i) = source.next()
            return SIMD8(
                Float(v[0] * 230), Float(v[1] * 230), Float(v[2] * 230), Float(i[0] * 20),
                Float(i[1] * 20), Float(i[2] * 20), 0, 0)
        }
        let run = make(
            ACMeterSettings(
                nominalFrequency: Hertz(50), nominalVoltage: Volts(230), phases: 3,
                sampleRate: Hertz(Float(rate)), nominalCurrent: Amperes(20)))
        var best = Double.infinity
        var sum: Float = 0
        let rounds = max(1, Int(40_000 / rate))
        for _ in 0..<20 {
            let start = ContinuousClock.now
            for _ in 0..<rounds { sum += run(wave, Int(rate / 1000)) }
            let spent = ContinuousClock.now - start
            let ns = Double(spent.components.attoseconds) / 1e9
            best = min(best, ns / Double(rounds * wave.count))
        }
        precondition(sum.isFinite)
        return best
    }
}
