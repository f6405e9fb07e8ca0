import Calibration
import Control
import Plant
import Quantities
import SimBoard

/// A random board of waveforms: up to 5 % and 3° off, with offset, noise, a delay in each channel and a
/// clock of its own.
struct EnergyBoard {
    /// Rates and phases of a board; those of the boards that are shipped.
    struct Kind: Sendable {
        var phases: Int
        var hasGrid: Bool
        var tick_Hz: Double
        var samples: Int
        var clock: SampleClock
        var rate_Hz: Double { tick_Hz * Double(samples) }
    }
    static let kinds = [
        Kind(phases: 1, hasGrid: true, tick_Hz: 1000, samples: 8, clock: .tick),
        Kind(phases: 3, hasGrid: true, tick_Hz: 1000, samples: 8, clock: .tick),
        Kind(phases: 1, hasGrid: true, tick_Hz: 1000, samples: 20, clock: .tick),
        Kind(phases: 3, hasGrid: false, tick_Hz: 1000, samples: 20, clock: .tick),
        Kind(phases: 1, hasGrid: true, tick_Hz: 500, samples: 8, clock: .converter),
    ]
    struct Channel {
        let wave: WaveChannel
        let nominal: Nominal
        /// Part of a turn that its phase lags phase a.
        let lag: Double
        let isCurrent: Bool
        var sensor: Sensor
    }
    let kind: Kind
    let rated_A: Double
    /// Of the samples: 1e-4 is a clock 100 ppm fast.
    let clockError: Double
    /// The current transformers are the wrong way round.
    let isReversed: Bool
    private(set) var channels: [Channel] = []
    private var random: Random
    private var turns = 0.0

    static let nominal_V = 230.0
    static let nominal_Hz = 50.0

    init(seed: UInt64) {
        kind = Self.kinds[Int(seed % UInt64(Self.kinds.count))]
        var draw = Random(seed: seed).fork("board")
        random = Random(seed: seed).fork("noise")
        rated_A = draw.uniform(20, 63)
        clockError = draw.uniform(-1e-4, 1e-4)
        isReversed = draw.unit() < 0.1
        // A quarter of the boards begin at the very ends: 5 % and 3° off.
        let isWorst = draw.unit() < 0.25
        func part() -> Double {
            let x = draw.uniform(-1, 1)
            return isWorst ? (x < 0 ? -1 : 1) : x
        }
        let bits = draw.unit() < 0.5 ? 12 : 16
        let perDegree = kind.rate_Hz / Self.nominal_Hz / 360
        // Every voltage is a little late, so that a current can be early.
        var late = [Double](repeating: 0, count: 3)
        for wave in Self.waves(kind) {
            let phase = Int(wave.rawValue) % 3
            let isCurrent = wave.rawValue >= WaveChannel.currentA.rawValue
            var degrees = 3.6 + draw.uniform(-0.5, 0.5)
            if isCurrent { degrees = late[phase] + 3 * part() } else { late[phase] = degrees }
            let full = isCurrent ? 1.3 * rated_A : 1.3 * Self.nominal_V
            let size = Double(1 << bits)
            let gain = full * 2.0.squareRoot() * 2 * 1.2 / size
            var error = 0.05 * part()
            if isCurrent && isReversed { error = -2 - error }
            let delay = degrees * perDegree
            let model = SensorModel(
                gain: gain, zero: size / 2, bits: bits, gainError: error,
                offsetError: size * draw.uniform(-0.003, 0.003),
                noise: bits == 12 ? draw.uniform(0.4, 2) : draw.uniform(1, 20),
                latency: Int(delay), skew: delay - delay.rounded(.down))
            channels.append(
                Channel(
                    wave: wave,
                    nominal: Nominal(
                        gain: gain, offset: size / 2, resolution: 1, lowest: 0, highest: size - 1,
                        isAlternating: true),
                    lag: Double(phase) / 3, isCurrent: isCurrent, sensor: Sensor(model)))
        }
    }

    private static func waves(_ kind: Kind) -> [WaveChannel] {
        WaveChannel.allCases.filter {
            (kind.phases == 3 || $0.rawValue % 3 == 0) && (kind.hasGrid || $0.rawValue > 2)
        }
    }

    /// As its board file has it: nothing is known of its errors.
    var settings: ControllerSettings {
        var s = ControllerSettings(
            rate: TickRate(perSecond: Float(kind.tick_Hz)),
            frontEnd: .waveform(samplesPerTick: kind.samples, clock: kind.clock),
            phases: kind.phases, nominalCurrent: Amperes(Float(rated_A)),
            presence: PresenceLimits(deadBelow: Volts(23), liveAbove: Volts(161)),
            limits: SetpointLimits(
                frequencyBias: Hertz(2), voltageBias: Volts(30), active: Watts(50_000),
                reactive: Vars(50_000), horizon: 10_000))
        for one in channels {
            s.waves[Int(one.wave.rawValue)] = ChannelSettings(
                isFitted: true, gain: Float(one.nominal.gain), offset: Float(one.nominal.offset),
                lowest: Float(one.nominal.lowest), highest: Float(one.nominal.highest))
        }
        return s
    }

    /// The next `length` samples of every channel, 0 ... `blockLimit`.
    mutating func fill(_ sample: inout Sample, _ length: Int, of feed: EnergyFeed) {
        let step = feed.frequency_Hz / (kind.rate_Hz * (1 + clockError))
        let dt_s = 1 / kind.rate_Hz
        sample.blockLength = length
        for n in channels.indices {
            let c = Int(channels[n].wave.rawValue)
            let isCurrent = channels[n].isCurrent
            let size = isCurrent ? feed.current_A : feed.voltage_V
            var at = turns + 2 - (feed.isOnePhase ? 0 : channels[n].lag)
            if isCurrent { at += feed.angle_deg / 360 }
            sample.waves[c].age = 0
            for k in 0..<length {
                at += step
                let truth = size * (isCurrent ? feed.current.at(at) : feed.voltage.at(at))
                sample.waves[c].counts[k] = Int32(
                    channels[n].sensor.read(truth, dt_s: dt_s, random: &random))
            }
        }
        turns += step * Double(length)
        turns -= turns.rounded(.down)
    }
}
