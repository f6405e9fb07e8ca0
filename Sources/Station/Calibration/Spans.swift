import BoardProfile
import Calibration
import Control

extension SiteProfile {
    /// Between which true values a channel is used, in its unit; of a waveform RMS. Nil where nobody
    /// could apply them with a source and a meter.
    ///
    /// Voltages to a quarter above nominal, where the highest stages stand; currents and powers to the
    /// rating, either way where they can flow either way.
    public func span(of channel: Calibrated) -> ClosedRange<Double>? {
        let battery =
            nanogrid?.batteries.first { $0.name == hardware?.controls }
            ?? nanogrid?.batteries.first
        let home = homes.first { $0.name == hardware?.controls }
        let most_A =
            battery?.most_A ?? (home.map { $0.rating_VA / (Double(phases) * voltage_V) })
            ?? coupling?.rated_A ?? 0
        let dc_V = nanogrid?.voltage_V
        switch channel {
        case .wave(let c):
            return c.rawValue < WaveChannel.currentA.rawValue
                ? 0...(1.25 * voltage_V) : 0...max(most_A, 1)
        case .clock: return (0.95 * frequency_Hz)...(1.05 * frequency_Hz)
        case .travel: return nil
        case .scalar(let c):
            switch c {
            case .batteryVoltage, .linkVoltage, .dcBusVoltage: return 0...(1.25 * (dc_V ?? 400))
            case .batteryCurrent, .converterCurrent, .busCurrent: return -most_A...max(most_A, 1)
            case .batteryTemperature, .boardTemperature:
                return calibration.lowest_degC...calibration.highest_degC
            case .gridRMS, .busRMS: return 0...(1.25 * voltage_V)
            case .gridFrequency, .busFrequency:
                return (0.95 * frequency_Hz)...(1.05 * frequency_Hz)
            case .pvPower: return 0...max(nanogrid?.pv_W ?? home?.pv_W ?? 0, 100)
            case .windPower: return 0...max(home?.wind_W ?? 0, 100)
            case .evPower: return -max(home?.ev_W ?? 0, 100)...0
            case .loadPower:
                let load_W =
                    nanogrid.map { $0.critical_W + $0.comfort_W + $0.deferrable_W }
                    ?? home.map { $0.critical_W + $0.comfort_W + $0.deferrable_W }
                return -max(load_W ?? 0, 100)...0
            case .busActive, .busReactive:
                let rated = most_A * voltage_V
                return -rated...max(rated, 100)
            case .stateOfCharge, .angleAcross: return nil
            }
        }
    }

    /// The accuracy asked of a channel: what somebody asks for, else 1 % of the reading and 0.2 % of
    /// the span, so that a walk has a band to steady itself by.
    public func accuracy(of channel: Calibrated) -> RequiredAccuracy {
        if let asked = RequiredAccuracy(channel, site: self) { return asked }
        let full = span(of: channel).map { max($0.lowerBound.magnitude, $0.upperBound.magnitude) }
        return RequiredAccuracy(
            ratio: 0.01, absolute: 0.002 * (full ?? 1), source: "as a guide: nobody asks for more")
    }
}
