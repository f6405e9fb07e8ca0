import Plant
import SimBoard
import Testing

@Suite("Simulated sensor")
struct SensorTests {
    private func model(
        gain: Double = 0.5, zero: Double = 100, bits: Int = 12, gainError: Double = 0,
        offsetError: Double = 0, noise: Double = 0, latency: Int = 0, skew: Double = 0
    ) -> SensorModel {
        SensorModel(
            gain: gain, zero: zero, bits: bits, gainError: gainError, offsetError: offsetError,
            noise: noise, latency: latency, skew: skew)
    }
    /// The raw numbers for these truths, 1 ms apart.
    private func raw(
        _ model: SensorModel, _ truths: [Double], fault: SensorFault? = nil, seed: UInt64 = 1
    ) -> [Double] {
        var sensor = Sensor(model)
        sensor.fault = fault
        var random = Random(seed: seed)
        return truths.map { sensor.read($0, dt_s: 0.001, random: &random) }
    }

    @Test("Counts are the nearest whole, inside 0 ..< 2^bits")
    func quantises() {
        let got = raw(model(), [0, 0.24, 0.26, 10, -49.9, -50, -60, 1997.5, 2000, 1e300])
        #expect(got == [100, 100, 101, 120, 0, 0, 0, 4095, 4095, 4095])
        let finished = raw(model(gain: 1, zero: 0, bits: 0), [0.123, -7.5])
        #expect(finished == [0.123, -7.5])
    }

    @Test("Gain error and offset are what the calibration does not know")
    func errors() {
        let got = raw(model(gainError: 0.01, offsetError: 3), [0, 500])
        #expect(got == [103, 1113])
    }

    @Test("A bend is the quantity's square; without one every bit is as it was")
    func curvature() {
        var bent = SensorModel(gain: 0.5, bits: 0, noise: 0)
        bent.curvature = 1e-3
        // 10 + 0.1 and −20 + 0.4, over 0.5.
        #expect(raw(bent, [10, -20]) == [20.2, -39.2])
        let plain = SensorModel(gain: 0.3, zero: 7, bits: 0, gainError: 0.01, noise: 2)
        let truths = (0..<500).map { 0.1 * Double($0) - 20 }
        var random = Random(seed: 1)
        let expected = truths.map { $0 * (1 + 0.01) / 0.3 + 7 + 0 + 2 * random.noise() }
        #expect(raw(plain, truths).map(\.bitPattern) == expected.map(\.bitPattern))
    }

    @Test("Noise has its deviation and no mean", arguments: [1, 2, 3] as [UInt64])
    func noise(seed: UInt64) {
        let n = 40_000
        let got = raw(
            model(gain: 1, zero: 0, bits: 0, noise: 2), Array(repeating: 5, count: n), seed: seed)
        let mean = got.reduce(0, +) / Double(n)
        let variance = got.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n - 1)
        // Five standard errors: 2/√n of the mean, σ²·√(2/n) of the variance.
        #expect(abs(mean - 5) < 5 * 2 / Double(n).squareRoot())
        #expect(abs(variance - 4) < 5 * 4 * (2 / Double(n)).squareRoot())
        #expect(got.allSatisfy { abs($0 - 5) <= 2 * 3.47 })
    }

    @Test("Latency is exact", arguments: [0, 1, 7, 15])
    func latency(samples: Int) {
        let got = raw(model(gain: 1, zero: 0, bits: 0, latency: samples), (1...40).map(Double.init))
        let expected = (1...40).map { Double(max(0, $0 - samples)) }
        #expect(got == expected)
    }

    @Test("Skew lies between two samples", arguments: [0, 0.25, 1])
    func skew(fraction: Double) {
        let got = raw(model(gain: 1, zero: 0, bits: 0, skew: fraction), [4, 8, 12])
        #expect(got == [4 - 4 * fraction, 8 - 4 * fraction, 12 - 4 * fraction])
    }

    @Test("Each fault does what its name says")
    func faults() {
        let m = model(gain: 0.5, zero: 0, bits: 0)
        let truths = [10.0, 20, 30]
        let rows: [(SensorFault?, [Double])] = [
            (nil, [20, 40, 60]), (.freeze, [20, 20, 20]), (.scale(1.5), [30, 60, 90]),
            (.drift(perSecond: 1000), [22, 44, 66]), (.stick(7), [14, 14, 14]),
            (.spike(probability: 0, size: 100), [20, 40, 60]), (.noise(0), [20, 40, 60]),
        ]
        var wrong: [String] = []
        for (fault, expected) in rows where raw(m, truths, fault: fault) != expected {
            wrong.append("\(fault.debugDescription): \(raw(m, truths, fault: fault))")
        }
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(raw(m, truths, fault: .nan).allSatisfy { $0.isNaN })
        let spikes = raw(
            m, Array(repeating: 0, count: 1000), fault: .spike(probability: 1, size: 8))
        #expect(spikes.allSatisfy { abs($0) == 16 })
        #expect(spikes.contains(16) && spikes.contains(-16))
        let rare = raw(
            m, Array(repeating: 0, count: 20_000), fault: .spike(probability: 0.1, size: 8))
        // Binomial: 2000 ± 5 · 42.
        #expect(abs(rare.count { $0 != 0 } - 2000) < 212)
        let loud = raw(m, Array(repeating: 0, count: 20_000), fault: .noise(3))
        let variance = loud.reduce(0) { $0 + $1 * $1 } / 20_000
        #expect(abs(variance - 36) < 5 * 36 * (2 / 20_000.0).squareRoot())
    }

    @Test("A new fault begins afresh")
    func afresh() {
        var sensor = Sensor(model(gain: 1, zero: 0, bits: 0))
        var random = Random(seed: 1)
        func read(_ x: Double) -> Double { sensor.read(x, dt_s: 0.5, random: &random) }
        sensor.fault = .freeze
        let a = (read(1), read(2))
        sensor.fault = .stick(9)
        let b = read(3)
        sensor.fault = .freeze
        let c = (read(4), read(5))
        #expect(a == (1, 1) && b == 9 && c == (4, 4))
        sensor.fault = .drift(perSecond: 2)
        let d = (read(0), read(0))
        sensor.fault = .drift(perSecond: 2)
        let e = read(0)
        sensor.fault = nil
        let f = read(0)
        #expect(d == (1, 2) && e == 1 && f == 0)
    }

    @Test("A seed is a world for ever")
    func deterministic() {
        let m = model(noise: 3)
        let truths = (0..<200).map { Double($0) }
        #expect(raw(m, truths, seed: 7) == raw(m, truths, seed: 7))
        #expect(raw(m, truths, seed: 7) != raw(m, truths, seed: 8))
    }
}

@Suite("Simulated relay")
struct RelayTests {
    private func relay(closed: Bool = false) -> Relay {
        Relay(close_s: 0.05, open_s: 0.03, random: Random(seed: 3), isClosed: closed)
    }
    /// Milliseconds until the contacts conduct (or no more); nil within 5 s.
    private func travel(_ relay: inout Relay, to closed: Bool) -> Int? {
        relay.coil = closed
        for ms in 0..<5000 {
            if relay.isConducting == closed && relay.auxiliary == closed { return ms }
            relay.step(dt_s: 0.001)
        }
        return nil
    }

    @Test("It travels for its time, within a tenth")
    func travels() {
        var r = relay()
        let close = travel(&r, to: true)!
        for _ in 0..<20 { r.step(dt_s: 0.001) }
        let open = travel(&r, to: false)!
        #expect(close >= 45 && close <= 56 && open >= 27 && open <= 34, "\(close) \(open)")
    }

    @Test("Weld, stuck open, slow, disconnected")
    func faults() {
        var welded = relay(closed: true)
        welded.lay(.weld)
        #expect(travel(&welded, to: false) == nil && welded.isWelded)
        var stuck = relay()
        stuck.lay(.stuckOpen)
        #expect(travel(&stuck, to: true) == nil)
        var slow = relay()
        slow.lay(.slow(4))
        let ms = travel(&slow, to: true)!
        #expect(ms >= 180 && ms <= 224 && slow.isSlow)
        var loose = relay()
        loose.lay(.disconnected)
        #expect(travel(&loose, to: true) == nil)
        loose.lay(nil)
        #expect(travel(&loose, to: true) != nil)
    }

    @Test("The auxiliary contact may lie or be silent while the contacts do as they are told")
    func auxiliary() {
        var r = relay()
        r.lay(.feedback(true))
        #expect(r.auxiliary && !r.isConducting && !r.isDeaf)
        r.lay(.deaf)
        #expect(r.isDeaf)
        #expect(travel(&r, to: true) != nil)
    }

    @Test("How slow is any number", arguments: [Double.nan, .infinity, -1, 0, 1e300])
    func slow(factor: Double) {
        var r = relay()
        r.lay(.slow(factor))
        r.coil = true
        for _ in 0..<100 { r.step(dt_s: 0.001) }
        #expect(r.isConducting == !(factor > 1))
    }
}
