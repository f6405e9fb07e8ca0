import Bench
import Foundation
import LinuxBoard
import Testing

/// Prints what the server and our client can do; decides nothing. Run it with
/// `SKERRY_FIGURES=1 swift test -c release --filter IIOServerFigures`.
@Suite(
    "IIOServerFigures", .serialized,
    .enabled(
        if: ProcessInfo.processInfo.environment["SKERRY_FIGURES"] != nil,
        "figures are measured on request: SKERRY_FIGURES=1"))
struct IIOServerFigures {
    /// A source that costs nothing: a count that goes up.
    private final class Ramp: WaveSource {
        let rate_Hz = 8000.0, columns = 9, block = 64
        func next(_ count: Int, into rows: UnsafeMutableBufferPointer<Int32>) {
            for k in rows.indices { rows[k] = Int32(k & 0xFFFF) }
        }
    }
    private static let names =
        (0..<6).map { "voltage\($0)" } + (0..<3).map { "current\($0)" }

    private func cpu_s() -> Double {
        var t = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
        return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
    }
    private func us(_ d: Duration) -> Double {
        Double(d.components.attoseconds) * 1e-12 + Double(d.components.seconds) * 1e6
    }

    @Test("An attribute") func attribute() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        let channel = try IIOContext(village.uri).device(.label("battery")).channel("voltage0")
        var times: [Double] = []
        for _ in 0..<10_000 {
            let start = ContinuousClock.now
            _ = try channel.raw()
            times.append(us(ContinuousClock.now - start))
        }
        times.sort()
        print("attribute over the network: p50 \(times[5000]) µs, p99 \(times[9900]) µs")
    }

    @Test("Sustained rate") func sustained() throws {
        let ramp = Ramp()
        let format = ServedFormat(isSigned: false, bits: 16, storage: 16)
        let device = ServedDevice(
            "iio:device0", name: "ramp",
            channels: Self.names.map { ServedChannel($0, format: format) } + [.timestamp],
            source: ramp)
        let server = try IIOServer(ServedContext("ramp", devices: [device]), pace: .free)
        defer { server.stop() }
        try rate("ramp", "ip:127.0.0.1:\(server.port)", samples: 400_000)
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        try rate("village", village.uri, samples: 80_000)
    }

    private func rate(_ name: String, _ uri: String, samples: Int) throws {
        let capture = try IIOBufferCapture(
            try IIOContext(uri).device(.name(name)),
            IIOCapturePlan(channels: Self.names, samples: 800, isStamped: true))
        var block = ScanBlock()
        let (start, cpu) = (ContinuousClock.now, cpu_s())
        for _ in 0..<samples / 800 { try capture.refill(&block) }
        let seconds = us(ContinuousClock.now - start) * 1e-6
        let load = (cpu_s() - cpu) / seconds
        print(
            "\(name): \(Int(Double(samples) / seconds / 1000)) kS/s of each of nine channels, "
                + "\(Int(100 * load)) % of a core")
    }

    @Test("Eight thousand a second in real time") func realTime() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1), pace: .realTime)
        defer { village.server.stop() }
        let capture = try IIOBufferCapture(
            try IIOContext(village.uri).device(.name("village")),
            IIOCapturePlan(channels: Self.names, samples: 80, isStamped: true))
        var block = ScanBlock()
        var late_us: [Double] = []
        let (start, cpu) = (ContinuousClock.now, cpu_s())
        for _ in 0..<1000 {
            try capture.refill(&block)
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            let now_ns = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
            late_us.append(Double(now_ns - block.timestamps_ns[79]) * 1e-3)
        }
        let seconds = us(ContinuousClock.now - start) * 1e-6
        late_us.sort()
        let f = village.server.figures(device: "village")!
        print(
            "real time: \(80_000 / seconds) S/s of each of nine channels, "
                + "\(100 * (cpu_s() - cpu) / seconds) % of a core for plant, server and client; "
                + "newest sample \(late_us[500]) µs old (p50), \(late_us[990]) µs (p99); "
                + "\(f.lost) rows lost, \(f.slips) slips")
    }
}
