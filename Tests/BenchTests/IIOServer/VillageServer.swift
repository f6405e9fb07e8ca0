import Bench
import Plant
import SimBoard
import Synchronization

/// A village of two homes behind a server on a free port; beside the converter a battery's fuel
/// gauge, a DAC and two triggers.
struct VillageServer {
    let waves: VillageWaves
    let server: IIOServer
    let sink: KeptRows

    static func description() -> MicrogridDescription {
        var d = MicrogridDescription()
        var home = HomeDescription()
        home.name = "one"
        d.homes.append(home)
        home.name = "two"
        home.lineR_ohm = 0.15
        d.homes.append(home)
        return d
    }

    static func waves(
        seed: UInt64, noise: Double = 0, frequency_Hz: Double = 50, isHarmonic: Bool = false
    ) -> VillageWaves {
        VillageWaves(description(), seed: seed, noise: noise) { microgrid in
            microgrid.network.set(grid: .frequency_Hz(frequency_Hz))
            if isHarmonic {
                microgrid.network.set(grid: .harmonic(order: 5, pu: 0.04, phase_deg: 20))
                microgrid.network.set(grid: .harmonic(order: 7, pu: 0.03))
            }
            VillageWaves.supplied(microgrid)
        }
    }

    init(_ waves: VillageWaves, pace: Pace = .free) throws {
        self.waves = waves
        let sink = KeptRows()
        self.sink = sink
        let gauge = ServedDevice(
            "iio:device1", name: "ina226", label: "battery",
            channels: [
                ServedChannel(
                    "voltage0",
                    [
                        ServedAttribute("raw", .fixed("41200")),
                        ServedAttribute("scale", .fixed("1.250000000")),
                    ]),
                ServedChannel(
                    "current3",
                    [
                        ServedAttribute("raw", .fixed("-1500")),
                        ServedAttribute("scale", .fixed("2.500000000")),
                        ServedAttribute("offset", .fixed("4")),
                    ]),
                ServedChannel("temp", [ServedAttribute("input", .fixed("23875"))]),
                ServedChannel("power2", [ServedAttribute("input", .live { nil })]),
                ServedChannel("resistance0", [ServedAttribute("raw", .fixed("12 ohm"))]),
            ],
            attributes: [
                ServedAttribute("in_sampling_frequency", .stored("455")),
                ServedAttribute("words", .fixed("two words")),
            ])
        let format = ServedFormat(isSigned: false, bits: 12, storage: 16)
        let dac = ServedDevice(
            "iio:device2", name: "mcp4725",
            channels: [
                ServedChannel(
                    "voltage0", isOutput: true, format: format,
                    [
                        ServedAttribute(
                            "raw",
                            .acting(
                                read: { String(sink.level) },
                                write: { text in
                                    guard let n = Int32(text), (0...4095).contains(n) else {
                                        return 22
                                    }
                                    sink.level = n
                                    return 0
                                })),
                        ServedAttribute("scale", .fixed("0.805664062")),
                    ])
            ], sink: sink)
        server = try IIOServer(
            ServedContext(
                "A village <bench> & \"more\"", attributes: [("seed", "1")],
                devices: [
                    waves.served(), gauge, dac, .trigger(0, name: "hrtimer-2k", rate_Hz: 2000),
                    .trigger(1, name: "hrtimer-3k", rate_Hz: 3000),
                ]),
            pace: pace)
    }

    var uri: String { "ip:127.0.0.1:\(server.port)" }
}

/// What was written to the DAC.
final class KeptRows: WaveSink {
    private let kept = Mutex<[Int32]>([])
    private let setting = Mutex<Int32>(0)
    func take(_ rows: [Int32], columns: Int) { kept.withLock { $0 += rows } }
    var rows: [Int32] { kept.withLock { $0 } }
    var level: Int32 {
        get { setting.withLock { $0 } }
        set { setting.withLock { $0 = newValue } }
    }
}
