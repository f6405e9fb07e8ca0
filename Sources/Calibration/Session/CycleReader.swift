import Control
import Quantities

/// Cycle by cycle, what the waveforms of a board at rest are: RMS and mean in counts, phase and
/// frequency.
///
/// Each channel has a single-phase meter of the control's own, so that a calibration sees what the
/// controller will: the same windows, the same filter. A meter speaks of phase and frequency above 5 %
/// of its nominal value alone; below, a reading has neither.
public struct CycleReader: Sendable {
    private struct Channel {
        let channel: WaveChannel
        let nominal: Nominal
        var sum = 0.0
        var taken = 0
        var isSaturated = false
    }
    private var channels: [Channel]
    /// Beside the channels: who reads one of a struct's parts out of an array copies it whole, and a
    /// meter has 14 kB.
    private var meters: [VoltageMeter]
    private let rate_Hz: Double
    private let samplesPerReading: Int
    private var samples = 0

    /// - Parameters:
    ///   - channels: each with what the board file says of it, and its nominal RMS in its unit: the
    ///     voltage, or the rated current; above 0.
    ///   - rate_Hz: of the samples, as the board file has it; 2 kHz ... 200 kHz.
    ///   - nominal_Hz: 50 or 60.
    public init(
        _ channels: [(WaveChannel, Nominal, scale: Double)], rate_Hz: Double, nominal_Hz: Double
    ) {
        self.rate_Hz = rate_Hz
        // A whole number of nominal cycles, about 0.1 s.
        samplesPerReading = max(
            1, Int((rate_Hz / nominal_Hz * (nominal_Hz / 10).rounded()).rounded()))
        self.channels = channels.map { channel, nominal, _ in
            Channel(channel: channel, nominal: nominal)
        }
        meters = channels.map { _, _, scale in
            VoltageMeter(
                ACMeterSettings(
                    nominalFrequency: Hertz(Float(nominal_Hz)),
                    nominalVoltage: Volts(Float(scale)), phases: 1,
                    sampleRate: Hertz(Float(rate_Hz)), nominalCurrent: Amperes(1)))
        }
    }

    /// One tick's samples.
    ///
    /// - Parameter at_s: when its newest sample was taken, by the source's clock.
    /// - Returns: the readings that are complete with it, one of each channel about every 0.1 s, and
    ///   with them the frequency as the clock of the samples tells it. None while a meter settles.
    public mutating func take(_ sample: Sample, at_s: Double) -> [(Calibrated, RawReading)] {
        let length = max(0, min(sample.blockLength, blockLimit))
        if sample.lostSamples > 0 {
            for n in meters.indices { meters[n].skip(sample.lostSamples) }
            restart()
        }
        var found: [(Calibrated, RawReading)] = []
        for k in 0..<length {
            for n in channels.indices {
                let count = Double(sample.waves[Int(channels[n].channel.rawValue)].counts[k])
                let nominal = channels[n].nominal
                channels[n].sum += count
                channels[n].taken += 1
                if count <= nominal.lowest || count >= nominal.highest {
                    channels[n].isSaturated = true
                }
                meters[n].take(va: Float((count - nominal.offset) * nominal.gain))
            }
            samples += 1
            if samples >= samplesPerReading {
                // The newest sample of the block is now; this one is so much older.
                found += readings(at_s - Double(length - 1 - k) / rate_Hz)
                restart()
            }
        }
        return found
    }

    private mutating func restart() {
        samples = 0
        for n in channels.indices {
            (channels[n].sum, channels[n].taken, channels[n].isSaturated) = (0, 0, false)
        }
    }

    private mutating func readings(_ time_s: Double) -> [(Calibrated, RawReading)] {
        let figures = meters.indices.map { meters[$0].read() }
        guard figures.allSatisfy(\.isSettled) else { return [] }
        var found: [(Calibrated, RawReading)] = []
        for n in channels.indices {
            let one = channels[n], f = figures[n]
            let hasPhase = f.frequency.value > 0
            let pair = one.channel.pair.flatMap { pair in
                channels.firstIndex { $0.channel == pair }
            }
            let phase = pair.flatMap { pair -> Double? in
                guard hasPhase, figures[pair].frequency.value > 0 else { return nil }
                return Double((f.phase - figures[pair].phase).degrees)
            }
            found.append(
                (
                    .wave(one.channel),
                    RawReading(
                        raw: Double(f.phaseA.value) / one.nominal.gain.magnitude, time_s: time_s,
                        mean: one.sum / Double(max(1, one.taken)), phase_deg: phase,
                        frequency_Hz: hasPhase ? Double(f.frequency.value) : nil,
                        isSaturated: one.isSaturated)
                ))
        }
        if let f = figures.first(where: { $0.frequency.value > 0 })?.frequency {
            found.append((.clock, RawReading(raw: Double(f.value), time_s: time_s)))
        }
        return found
    }
}

extension WaveChannel {
    /// Against which voltage a phase is told: a current's its own, a voltage's the first there is.
    public var pair: WaveChannel? {
        switch self {
        case .gridA: nil
        case .gridB, .gridC, .busA: .gridA
        case .busB, .busC, .currentA: .busA
        case .currentB: .busB
        case .currentC: .busC
        }
    }
}
