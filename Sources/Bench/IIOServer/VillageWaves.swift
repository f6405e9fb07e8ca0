import Control
import Plant
import SimBoard
import Synchronization

/// The point of common coupling of a simulated village as a converter of nine 16-bit channels: grid
/// and bus voltages and the current into the village, phases a, b, c. Steps the plant as it is asked
/// for samples; the same seed gives the same counts for ever.
public final class VillageWaves: WaveSource {
    private struct World {
        let microgrid: Microgrid
        let port: CouplingPort
        var sensors: [Sensor]
        var random: Random
        var truth: TrueWaves
        var latest: [Int32]
    }
    private let world: Mutex<World>
    public let rate_Hz: Double
    public let block: Int
    public var columns: Int { WaveChannel.count }
    private let models: [SensorModel]

    /// ±524 V in 16 mV and ±131 A in 4 mA steps, offset binary.
    public static func model(_ c: WaveChannel, noise: Double = 0.5) -> SensorModel {
        let isCurrent = c.rawValue >= WaveChannel.currentA.rawValue
        return SensorModel(gain: isCurrent ? 4e-3 : 16e-3, zero: 32_768, bits: 16, noise: noise)
    }

    /// - Parameters:
    ///   - block: samples of a tick of the plant, 1 ... 20.
    ///   - noise: of each converter, in counts.
    ///   - prepare: what happens to the plant before the first sample: harmonics, switches, homes.
    public init(
        _ description: MicrogridDescription, seed: UInt64, rate_Hz: Double = 8000, block: Int = 8,
        noise: Double = 0.5, prepare: (Microgrid) -> Void = VillageWaves.supplied
    ) {
        precondition((1...20).contains(block))
        self.rate_Hz = rate_Hz
        self.block = block
        let random = Random(seed: seed)
        // Four steps of the plant in each sample: 31.25 µs at 8 kS/s. RK4 follows an oscillation up to
        // ω·h = 2.8, and a line of 80 µH between 10 µF and 6 µF has ω = 57.7 krad/s: 1.8.
        let microgrid = Microgrid(
            description, ticksPerSecond: rate_Hz / Double(block), samplesPerTick: block,
            fidelity: .waveform(step_s: 0.25 / rate_Hz), random: random.fork("plant"))
        prepare(microgrid)
        models = WaveChannel.allCases.map { Self.model($0, noise: noise) }
        world = Mutex(
            World(
                microgrid: microgrid, port: CouplingPort(microgrid),
                sensors: models.map(Sensor.init),
                random: random.fork("sensors"),
                truth: InlineArray(repeating: InlineArray(repeating: 0)),
                latest: models.map { Int32($0.zero) }))
    }

    /// Islanding switch closed, every load on, and half a second for the network to settle.
    public static func supplied(_ microgrid: Microgrid) {
        var close = Command()
        close.outputs[Output.islandingSwitch] = true
        CouplingPort(microgrid).apply(close)
        var loads = Command()
        for l in [Output.load0, .load1, .load2] { loads.outputs[l] = true }
        for h in microgrid.homes.indices { HomePort(microgrid, home: h).apply(loads) }
        for _ in 0..<Int(0.5 * microgrid.ticksPerSecond) { microgrid.tick() }
    }

    public func next(_ count: Int, into rows: UnsafeMutableBufferPointer<Int32>) {
        world.withLock { w in
            let dt_s = 1 / rate_Hz
            for tick in 0..<count / block {
                w.microgrid.tick()
                w.port.read(waves: &w.truth, count: block)
                for k in 0..<block {
                    let at = (tick * block + k) * columns
                    for c in 0..<columns {
                        let raw = w.sensors[c].read(w.truth[c][k], dt_s: dt_s, random: &w.random)
                        precondition(raw.isFinite, "the plant's step is too long for its lines")
                        rows[at + c] = Int32(raw)
                    }
                }
            }
            for c in 0..<columns where count > 0 { w.latest[c] = rows[(count - 1) * columns + c] }
        }
    }

    /// The plant between two blocks, for a fault or for the truth.
    public func withPlant<R: Sendable>(
        _ body: @Sendable (Microgrid, CouplingPort) throws -> R
    ) rethrows -> R {
        try world.withLock { try body($0.microgrid, $0.port) }
    }

    /// The converter as an IIO device: `voltage0 ... voltage5`, `current0 ... current2`, a timestamp.
    public func served(id: String = "iio:device0", name: String = "village") -> ServedDevice {
        var channels = WaveChannel.allCases.map { c in
            let n = Int(c.rawValue)
            let model = models[n]
            let isCurrent = n >= 6
            return ServedChannel(
                isCurrent ? "current\(n - 6)" : "voltage\(n)", name: "\(c)",
                format: ServedFormat(isSigned: false, bits: 16, storage: 16),
                [
                    ServedAttribute("raw", .live { [self] in String(latest(n)) }),
                    // The ABI's units are mV and mA.
                    ServedAttribute("scale", .fixed(fixedPoint(1000 * model.gain))),
                    ServedAttribute("offset", .fixed(fixedPoint(-model.zero))),
                ])
        }
        channels.append(.timestamp)
        return ServedDevice(
            id, name: name, label: "pcc", channels: channels,
            attributes: [ServedAttribute("sampling_frequency", .fixed(fixedPoint(rate_Hz)))],
            source: self)
    }

    private func latest(_ channel: Int) -> Int32 { world.withLock { $0.latest[channel] } }
}
