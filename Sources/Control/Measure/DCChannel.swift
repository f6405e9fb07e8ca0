import Quantities

/// Mean, noise and slope of one slow quantity: a DC voltage, a DC current, a temperature.
///
/// First-order filters of one time constant τ: mean ← mean + a (x − mean), a = 1 / (1 + τ · rate),
/// which follows a ramp exactly τ behind. `slope` is the filtered change of the mean and `noise`
/// the standard deviation about it, the lag of a ramp taken off. A sample that is not finite is
/// left out; after τ without a sample, or before 3 τ of them, the channel is not settled.
public struct DCChannel: Sendable, BitwiseCopyable {
    private let gain: Float
    private let rate_Hz: Float
    private let constant_s: Float
    private let settling: Int
    private let patience: Int
    private var variance: Float = 0
    private var count = 0
    private var missing = 0
    /// Filtered value, in the unit of the samples.
    public private(set) var mean: Float = 0
    /// Change of the mean per second.
    public private(set) var slope: Float = 0
    /// Samples that were not finite or skipped.
    public private(set) var missedSamples: UInt64 = 0

    /// `timeConstant` above zero, `sampleRate` above zero.
    public init(timeConstant: Seconds, sampleRate: Hertz) {
        precondition(timeConstant.value > 0 && timeConstant.isFinite)
        precondition(sampleRate.value > 0 && sampleRate.isFinite)
        let samples = timeConstant.value * sampleRate.value
        gain = 1 / (1 + samples)
        rate_Hz = sampleRate.value
        constant_s = timeConstant.value
        settling = max(2, Int((3 * samples).rounded(.up)))
        patience = max(1, Int(samples.rounded(.up)))
    }

    @_noLocks
    public mutating func take(_ x: Float) {
        guard x.magnitude < 1e9 else {
            skip(1)
            return
        }
        missing = 0
        if count == 0 {
            mean = x
        } else {
            let off = x - mean
            let step = gain * off
            mean += step
            slope += gain * (step * rate_Hz - slope)
            variance += gain * (off * off - variance)
        }
        count = min(count + 1, settling)
    }

    /// `samples` samples did not come. Mean and slope stay as they are; after τ they begin again.
    @_noLocks
    public mutating func skip(_ samples: Int) {
        guard samples > 0 else { return }
        missedSamples &+= UInt64(samples)
        missing = min(missing &+ min(samples, 1 << 29), 1 << 30)
        if missing > patience {
            count = 0
            slope = 0
            variance = 0
        }
    }

    public var isSettled: Bool { @_noLocks get { count >= settling } }

    /// The mean carried forward over its own lag: on a ramp the value now.
    public var ahead: Float { @_noLocks get { mean + slope * constant_s } }

    /// Standard deviation of a sample about the mean.
    public var noise: Float {
        @_noLocks get {
            // A sample and the mean before it differ by the noise of both, σ² · 2 / (2 − a), and on
            // a ramp by one sample more than τ.
            let lag = slope * (constant_s + 1 / rate_Hz)
            return root((variance - lag * lag) * (1 - 0.5 * gain))
        }
    }
}
