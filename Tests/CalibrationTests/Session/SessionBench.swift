import Control

@testable import Calibration

let volts = Calibrated.scalar(.batteryVoltage)
let linkVolts = Calibrated.scalar(.linkVoltage)
let amperes = Calibrated.scalar(.batteryCurrent)

let meter = ReferenceMeter(
    model: "DMM", form: .certificate, ofReading: 0.0002, absolute: 0.002, resolution: 0.001)

func plan(
    _ channel: Calibrated = volts, _ span: ClosedRange<Double> = 0...60, gain: Double = 0.01
) -> ChannelPlan {
    ChannelPlan(
        channel: channel,
        nominal: Nominal(gain: gain, resolution: 1, lowest: -32768, highest: 32767),
        required: RequiredAccuracy(ratio: 0.005, absolute: 0.1), span: span)!
}

/// Readings of one channel over six seconds at 10 Hz, alternating about `raw` by `noise`.
func window(
    _ raw: Double, noise: Double = 1, slope: Double = 0, gain: Double = 0.01
) -> Window {
    var window = Window(nominal: Nominal(gain: gain, resolution: 1, lowest: -32768, highest: 32767))
    window.add(
        (0..<60).map { n in
            let t = Double(n) / 10
            return RawReading(
                raw: raw + (n % 2 == 0 ? noise : -noise) + slope * (t - 3.5), time_s: t)
        })
    return window
}

func moment(_ windows: [Calibrated: Window], time_s: Double = 5.9) -> ChannelSession.Moment {
    .init(time_s: time_s, windows: windows, temperature_degC: 21, at_s: 1_800_000_000)
}

extension ChannelSession {
    /// What became of a point: nil where it was taken.
    mutating func refusal(
        _ reference: Double, _ moment: Moment, confirmed: Bool = false
    ) -> PointRefusal? {
        do throws(PointRefusal) {
            try take(reference, at: moment, confirmed: confirmed)
            return nil
        } catch {
            return error
        }
    }
}
