import BlackBox
import BoardProfile
import Control

extension SiteProfile {
    /// How its black box is kept.
    public var blackBoxSettings: BlackBoxSettings {
        var settings = BlackBoxSettings()
        let profile = service.blackBox
        settings.ringBytes = Int64(profile.size_MiB) << 20
        settings.age_s = profile.age_s
        settings.bytesPerDay = Int64(profile.most_MiB_per_day) << 20
        settings.before_s = profile.before_s
        settings.after_s = profile.after_s
        settings.captureBytes = Int64(profile.captures_MiB) << 20
        // Fifteen seconds of turns, a quarter of a kilobyte each: what a capture looks back on, and what
        // a card that stalls for ten seconds has not taken.
        let wanted = 15 * 256 * rate_Hz
        settings.memoryBytes = 1 << 19
        while Double(settings.memoryBytes) < wanted && settings.memoryBytes < 1 << 24 {
            settings.memoryBytes *= 2
        }
        settings.longestCapture_s = max(
            settings.longestCapture_s, settings.before_s + settings.after_s)
        return settings
    }

    /// What its black box wears of a disk; nil where none is kept, or the board is simulated.
    public var wear: WearFigure? {
        guard service.blackBox.isKept, let settings = hardwareSettings() else { return nil }
        var samples = 0
        if case .waveform(let perTick, _) = settings.frontEnd { samples = perTick }
        return WearFigure(
            blackBoxSettings, ticksPerSecond: rate_Hz,
            waves: WaveChannel.allCases.count { settings.fitted.meets(.wave($0)) },
            samplesPerTick: samples,
            scalars: ScalarChannel.allCases.count { settings.fitted.meets(.scalar($0)) })
    }
}
