import Bench
import Control
import HAL
import LinuxBoard
import Plant
import SimBoard
import Testing

@Suite("Our client at the IIO server") struct IIOClientTests {
    /// What the plant really was, column by column, from a second world of the same seed.
    private func truth(_ waves: VillageWaves, samples: Int) -> [[Double]] {
        let block = waves.block
        return waves.withPlant { microgrid, port in
            var columns = Array(repeating: [Double](), count: WaveChannel.count)
            var waves = TrueWaves(repeating: InlineArray(repeating: 0))
            while columns[0].count < samples {
                microgrid.tick()
                port.read(waves: &waves, count: block)
                for c in columns.indices { for k in 0..<block { columns[c].append(waves[c][k]) } }
            }
            return columns.map { Array($0.prefix(samples)) }
        }
    }
    private func rms(_ x: [Double]) -> Double {
        (x.reduce(0) { $0 + $1 * $1 } / Double(x.count)).squareRoot()
    }
    /// Of the upward zero crossings, the first to the last.
    private func frequency(_ x: [Double], rate_Hz: Double) -> Double {
        var crossings: [Double] = []
        for k in 1..<x.count where x[k - 1] < 0 && x[k] >= 0 {
            crossings.append(Double(k - 1) + x[k - 1] / (x[k - 1] - x[k]))
        }
        return rate_Hz * Double(crossings.count - 1) / (crossings.last! - crossings.first!)
    }

    private static let names =
        (0..<6).map { "voltage\($0)" } + (0..<3).map { "current\($0)" }

    @Test(
        "Every sample is the plant's, within half a count",
        arguments: [(1, 50, false), (2, 50.2, true), (3, 49.1, true)] as [(UInt64, Double, Bool)])
    func everySample(_ seed: UInt64, _ hz: Double, _ isHarmonic: Bool) throws {
        let village = try VillageServer(
            VillageServer.waves(seed: seed, frequency_Hz: hz, isHarmonic: isHarmonic))
        defer { village.server.stop() }
        let context = try IIOContext(village.uri)
        let device = try context.device(.label("pcc"))
        let capture = try IIOBufferCapture(
            device, IIOCapturePlan(channels: Self.names, samples: 400, isStamped: true))
        #expect(capture.layout.names == Self.names)
        #expect(capture.layout.stride == 32, "nine counts of two bytes, and a time at 24")
        var block = ScanBlock()
        var values = Array(repeating: [Double](), count: 9)
        var stamps: [Int64] = []
        for _ in 0..<4 {
            try capture.refill(&block)
            #expect(block.samples == 400)
            for c in 0..<9 {
                values[c] += block.counts[c].map { capture.scalings[c].value(Double($0)) }
            }
            stamps += block.timestamps_ns
        }
        #expect(stamps == (0..<1600).map { $0 * 125_000 })
        let real = truth(
            VillageServer.waves(seed: seed, frequency_Hz: hz, isHarmonic: isHarmonic), samples: 1600
        )
        for c in 0..<9 {
            let half = c < 6 ? 8e-3 : 2e-3
            let worst = zip(values[c], real[c]).map { abs($0 - $1) }.max()!
            #expect(worst <= half * 1.000001, "channel \(c)")
            #expect(rms(real[c]) > (c < 6 ? 200 : 1), "channel \(c) is alive")
            #expect(abs(rms(values[c]) - rms(real[c])) <= half)
        }
        let found = frequency(values[0], rate_Hz: 8000)
        // A crossing is off by half a count over a slope of 102 kV/s, 78 ns, and by 32 ns for the
        // chord; ten periods have two.
        #expect(abs(found - frequency(real[0], rate_Hz: 8000)) < 50 * 2 * 110e-9 / 0.18)
        #expect(abs(found - hz) < (isHarmonic ? 2e-3 : 1e-4))
    }

    @Test("RMS and frequency are the plant's own") func ownTruth() throws {
        // 164 samples of 8 kS/s are one period.
        let hz = 8000.0 / 164
        let village = try VillageServer(VillageServer.waves(seed: 5, frequency_Hz: hz))
        defer { village.server.stop() }
        let context = try IIOContext(village.uri)
        let capture = try IIOBufferCapture(
            try context.device(.name("village")),
            IIOCapturePlan(channels: ["voltage3", "current1"], samples: 1640))
        var block = ScanBlock()
        try capture.refill(&block)
        let volts = block.counts[0].map { capture.scalings[0].value(Double($0)) }
        let amperes = block.counts[1].map { capture.scalings[1].value(Double($0)) }
        // The motors still run up: their mean square over the same 205 ticks, as the plant says it.
        let own = VillageServer.waves(seed: 5, frequency_Hz: hz).withPlant { m, port in
            var (volts, amperes, hertz) = (0.0, 0.0, 0.0)
            for _ in 0..<205 {
                m.tick()
                volts += m.rms(node: 1) * m.rms(node: 1) / 205
                amperes += port.read(.busCurrent) * port.read(.busCurrent) / 205
                hertz += m.network.frequency(node: 1) / 205
            }
            return (volts.squareRoot(), amperes.squareRoot(), hertz)
        }
        #expect(abs(rms(volts) - own.0) < 8e-3)
        #expect(abs(rms(amperes) - own.1) < 2e-3)
        #expect(abs(frequency(volts, rate_Hz: 8000) - own.2) < 1e-4)
    }

    @Test("Attributes come in the units of the house") func attributes() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        let context = try IIOContext(village.uri)
        let gauge = try context.device(.label("battery"))
        #expect(gauge.name == "ina226" && !gauge.isTrigger)
        func value(_ id: String) throws -> Double { try gauge.channel(id).value() }
        #expect(try abs(value("voltage0") - 51.5) < 1e-12)
        #expect(try abs(value("current3") - -3.74) < 1e-12)
        #expect(try abs(value("temp") - 23.875) < 1e-12)
        #expect(try gauge.channel("temp").unit.name == "°C")
        #expect(throws: BoardFault(.bus, code: 5)) { try value("power2") }
        #expect(throws: BoardFault(.bus, code: 84)) { try value("resistance0") }
        #expect(throws: BoardFault(.notPresent, code: 2)) { try gauge.channel("voltage9") }
        #expect(try gauge.read("words") == "two words")
        try gauge.write("in_sampling_frequency", "910")
        #expect(try gauge.number("in_sampling_frequency") == 910)
        #expect(throws: BoardFault(.notPermitted, code: 13)) { try gauge.write("words", "none") }
    }

    @Test("A DAC is set in volts and refuses what it cannot give") func dac() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        let context = try IIOContext(village.uri)
        let out = try context.device(.name("mcp4725")).channel("voltage0", isOutput: true)
        try out.write(1.65, try out.scaling())
        #expect(village.sink.level == 2048)
        #expect(try abs(out.value() - 1.65) < 0.5 * 0.805664062e-3)
        #expect(throws: BoardFault(.bus, code: 22)) { try out.write(raw: 4096) }
        #expect(village.sink.level == 2048)
    }

    @Test("A device is found by what it is, never by its number") func found() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        let context = try IIOContext(village.uri)
        #expect(throws: BoardFault(.notPresent, code: 19)) {
            try context.device(.name("iio:device0"))
        }
        #expect(throws: BoardFault(.notPresent, code: 19)) { try context.device(.parent("i2c-1")) }
        #expect(throws: BoardFault(.notPresent, code: 19)) { try context.trigger(named: "village") }
        #expect(throws: BoardFault(.notPresent, code: 19)) {
            try context.device(.name("hrtimer-2k"))
        }
        #expect(try context.trigger(named: "hrtimer-2k").isTrigger)
    }

    @Test("A trigger of a quarter of the rate gives every fourth sample") func triggered() throws {
        let village = try VillageServer(VillageServer.waves(seed: 9))
        defer { village.server.stop() }
        let context = try IIOContext(village.uri)
        let device = try context.device(.name("village"))
        #expect(try device.trigger() == nil)
        let plan = IIOCapturePlan(
            channels: ["voltage0"], samples: 100, isStamped: true, trigger: "hrtimer-2k")
        let capture = try IIOBufferCapture(device, plan)
        #expect(try device.trigger()?.name == "hrtimer-2k")
        var block = ScanBlock()
        try capture.refill(&block)
        #expect(block.timestamps_ns == (0..<100).map { $0 * 500_000 })
        let real = truth(VillageServer.waves(seed: 9), samples: 400)[0]
        let worst = (0..<100).map {
            abs(capture.scalings[0].value(Double(block.counts[0][$0])) - real[4 * $0])
        }.max()!
        #expect(worst <= 8.000001e-3)
    }

    @Test("A rate that does not divide the source's is refused") func oddRate() throws {
        let village = try VillageServer(VillageServer.waves(seed: 9))
        defer { village.server.stop() }
        let context = try IIOContext(village.uri)
        let device = try context.device(.name("village"))
        var plan = IIOCapturePlan(channels: ["voltage0"], samples: 100, trigger: "hrtimer-3k")
        #expect(throws: BoardFault(.bus, code: 22)) { try IIOBufferCapture(device, plan) }
        plan.rate_Hz = 4000
        _ = try IIOBufferCapture(device, plan)
        plan.channels = ["voltage7"]
        #expect(throws: BoardFault(.notPresent, code: 2)) { try IIOBufferCapture(device, plan) }
    }

    @Test("Two clients see the same converter at once") func twoClients() throws {
        let village = try VillageServer(VillageServer.waves(seed: 4), pace: .realTime)
        defer { village.server.stop() }
        var seen: [[Int64: Int32]] = []
        let contexts = try (0..<2).map { _ in try IIOContext(village.uri) }
        let captures = try contexts.map {
            try IIOBufferCapture(
                $0.device(.name("village")),
                IIOCapturePlan(channels: ["voltage0"], samples: 400, isStamped: true))
        }
        for c in captures {
            var block = ScanBlock()
            var samples: [Int64: Int32] = [:]
            for _ in 0..<4 {
                try c.refill(&block)
                for k in 0..<400 { samples[block.timestamps_ns[k]] = block.counts[0][k] }
            }
            seen.append(samples)
        }
        let shared = Set(seen[0].keys).intersection(seen[1].keys)
        #expect(shared.count > 400)
        #expect(shared.allSatisfy { seen[0][$0] == seen[1][$0] })
    }

    /// One sample a second, each the number of those before it.
    private final class Clock: WaveSource {
        let rate_Hz = 1.0, columns = 1, block = 1
        func next(_ count: Int, into rows: UnsafeMutableBufferPointer<Int32>) { rows[0] = 7 }
    }

    @Test("A converter too slow is a time-out, and its attributes still answer") func slow() throws
    {
        let format = ServedFormat(isSigned: true, bits: 16, storage: 16)
        let device = ServedDevice(
            "iio:device0", name: "slow", channels: [ServedChannel("voltage0", format: format)],
            attributes: [ServedAttribute("words", .fixed("still here"))], source: Clock())
        let server = try IIOServer(ServedContext("slow", devices: [device]))
        defer { server.stop() }
        let slow = try IIOContext("ip:127.0.0.1:\(server.port)", timeout_ms: 300).device(
            .name("slow"))
        let capture = try IIOBufferCapture(
            slow, IIOCapturePlan(channels: ["voltage0"], samples: 50))
        var block = ScanBlock()
        let fault = #expect(throws: BoardFault.self) { try capture.refill(&block) }
        #expect(fault?.kind == .timeout, "\(String(describing: fault))")
        #expect(try slow.read("words") == "still here")
    }

    @Test("A server that is gone is a fault, not a wait") func gone() throws {
        let village = try VillageServer(VillageServer.waves(seed: 4))
        let context = try IIOContext(village.uri, timeout_ms: 500)
        let gauge = try context.device(.label("battery"))
        _ = try gauge.read("words")
        village.server.stop()
        #expect(throws: BoardFault.self) { try gauge.read("words") }
        #expect(throws: BoardFault.self) { try IIOContext(village.uri, timeout_ms: 500) }
    }
}
