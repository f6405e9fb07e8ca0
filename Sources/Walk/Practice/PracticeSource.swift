import Calibration
import Foundation

/// A board that is not there, to practise on: hidden errors out of a seed, an adjustable supply that
/// follows the walk's suggestions, and a meter whose display is shown.
///
/// Its time is its own: `gather` advances it, and `wait` says what that takes. A seed means
/// the same board, supply and noise for ever. One thread at a time.
public final class PracticeSource: RawSource {
    /// What goes wrong at the bench.
    public enum Misbehaviour: Equatable, Sendable {
        /// The sensor is the wrong way round.
        case reversed(Calibrated)
        /// The wires of two channels are exchanged.
        case swapped(Calibrated, Calibrated)
        /// The first time this level of `Calibrated` is set, the supply is on another channel.
        case misplugged(Calibrated, level: Int, onto: Calibrated)
        /// The supply of this channel wanders by a share of the full scale.
        case unsteady(Calibrated, Double)
        /// The converter ends at this share of the full scale.
        case saturated(Calibrated, Double)
    }

    /// What is true of a channel, and hidden from the walk.
    public struct Truth: Equatable, Sendable {
        /// true = zero + (1 + scale) · nominal reading, in the channel's unit.
        public var zero: Double
        public var scale: Double
        /// Of one reading, in the channel's unit.
        public var noise: Double
        /// Of a waveform: the mean of its counts at nil, and its phase error in degrees.
        public var mean: Double
        public var phase_deg: Double
    }

    private struct Bench {
        var plan: ChannelPlan
        var truth: Truth
        var supply: PracticeSupply
        var most = Double.infinity
    }

    public let channels: [Calibrated]
    public let outputsAreAtRest = "Practice: nothing is connected, nothing can be switched."
    public private(set) var time_s = 0.0
    public private(set) var temperature_degC: Double? = 24.6
    private var benches: [Calibrated: Bench] = [:]
    private var misbehaviours: [Misbehaviour]
    private var noise: SeededNoise
    private var connected: Calibrated?
    private var wanted: Calibrated?
    /// Of a good bench supply: ten parts in a million of its full scale.
    private static let unrest = 1e-5
    /// Between two readings, seconds: of a slow channel, and of a waveform's group of cycles.
    private static let interval_s = 0.05, waveInterval_s = 0.2

    private let wait: (Double) -> Void

    /// Errors within ±3 % and ±1 % of the full scale, noise of 0.02 % of it. `wait` is called with
    /// the seconds that `gather` is to take; at a terminal it sleeps, in a test it does nothing.
    public init(
        plans: [ChannelPlan], seed: UInt64, misbehaviours: [Misbehaviour] = [],
        wait: @escaping (Double) -> Void = { _ in }
    ) {
        self.wait = wait
        channels = plans.map(\.channel)
        self.misbehaviours = misbehaviours
        noise = SeededNoise(seed: seed)
        for plan in plans {
            let full = plan.fullScale
            var truth = Truth(
                zero: noise.uniform(-0.01, 0.01) * full, scale: noise.uniform(-0.03, 0.03),
                noise: 2e-4 * full, mean: plan.nominal.offset, phase_deg: noise.uniform(-3, 3))
            truth.mean += noise.uniform(-0.01, 0.01) * full / plan.nominal.gain
            // An RMS has no zero of its own: that is the mean.
            if plan.nominal.isAlternating { truth.zero = 0 }
            var bench = Bench(
                plan: plan, truth: truth,
                supply: PracticeSupply(
                    resting: plan.channel.unit == "°C" ? 20 : 0, fullScale: full,
                    unrest: Self.unrest))
            for case .unsteady(plan.channel, let share) in misbehaviours {
                bench.supply.unrest = share
            }
            for case .saturated(plan.channel, let share) in misbehaviours {
                bench.most = share * full
            }
            for case .reversed(plan.channel) in misbehaviours {
                bench.truth.scale = -2 - truth.scale
            }
            benches[plan.channel] = bench
        }
    }

    /// What the walk does not know; nil for a channel that is not there.
    public func truth(of channel: Calibrated) -> Truth? { benches[channel]?.truth }

    /// The supply is taken to `channel` and set to `level`; the others come to rest.
    public func set(_ channel: Calibrated, to level: Double) {
        wanted = channel
        connected = channel
        let slip = misbehaviours.firstIndex {
            guard case .misplugged(channel, let n, _) = $0,
                let levels = benches[channel]?.plan.levels, levels.indices.contains(n)
            else { return false }
            return levels[n] == level
        }
        if let slip, case .misplugged(_, _, let other) = misbehaviours[slip] {
            connected = other
            misbehaviours.remove(at: slip)
        }
        for key in channels where key != connected { benches[key]?.supply.rest() }
        if let connected { benches[connected]?.supply.set(level, &noise) }
    }

    /// What the meter across the supply shows now: `48.213 V`. Nil before the first level.
    public var display: String? {
        guard let wanted, let connected, let plan = benches[wanted]?.plan,
            let output = benches[connected]?.supply.output
        else { return nil }
        // Five digits and a half.
        var places = 5
        var size = plan.fullScale
        while size >= 1 && places > 0 { (size, places) = (size / 10, places - 1) }
        let unit = plan.channel.unit
        var text = Digits.fixed(output, places) + (unit.isEmpty ? "" : " \(unit)")
        if plan.nominal.isAlternating { text += " @ 0" }
        return text
    }

    public func gather(_ seconds: Double) throws(SourceFault) -> [Calibrated: [RawReading]] {
        guard seconds.isFinite, seconds > 0, seconds <= 60 else {
            throw SourceFault(
                "the practice board was asked for \(seconds) s", "Ask for up to 60 s.")
        }
        wait(seconds)
        var found: [Calibrated: [RawReading]] = [:]
        let end_s = time_s + seconds
        while time_s + Self.interval_s <= end_s + 1e-9 {
            let before = (time_s / Self.waveInterval_s + 1e-6).rounded(.down)
            time_s += Self.interval_s
            let endsCycles = (time_s / Self.waveInterval_s + 1e-6).rounded(.down) > before
            for channel in channels {
                benches[channel]?.supply.advance(Self.interval_s, &noise)
            }
            for channel in channels {
                guard let bench = benches[channel], let source = benches[wiredTo(channel)],
                    endsCycles || !bench.plan.nominal.isAlternating
                else { continue }
                found[channel, default: []].append(read(bench, source.supply.output))
            }
        }
        return found
    }

    /// Whose supply a channel sees.
    private func wiredTo(_ channel: Calibrated) -> Calibrated {
        for case .swapped(let a, let b) in misbehaviours {
            if channel == a { return b }
            if channel == b { return a }
        }
        return channel
    }

    private func read(_ bench: Bench, _ true_: Double) -> RawReading {
        let (nominal, truth) = (bench.plan.nominal, bench.truth)
        let clipped = min(bench.most, max(-bench.most, true_))
        let reading = (clipped - truth.zero) / (1 + truth.scale) + truth.noise * noise.gaussian()
        let step = nominal.resolution
        if nominal.isAlternating {
            // The mean of many counts is finer than one of them.
            return RawReading(
                raw: (reading / nominal.gain).magnitude, time_s: time_s, mean: truth.mean,
                phase_deg: truth.phase_deg + 0.01 * noise.gaussian(),
                frequency_Hz: 50 + 0.002 * noise.gaussian(),
                isSaturated: clipped != true_)
        }
        var raw = reading / nominal.gain + nominal.offset
        if step > 0 { raw = (raw / step).rounded() * step }
        raw = min(nominal.highest, max(nominal.lowest, raw))
        if clipped != true_ { raw = true_ * nominal.gain > 0 ? nominal.highest : nominal.lowest }
        return RawReading(raw: raw, time_s: time_s)
    }
}
