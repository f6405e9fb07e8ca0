import BlackBox
import BoardProfile

extension BlackBoxSettings {
    /// As the board file has them.
    init(_ profile: BlackBoxProfile, rate_Hz: Double) {
        self.init()
        ringBytes = Int64(profile.size_MiB) << 20
        age_s = profile.age_s
        bytesPerDay = Int64(profile.most_MiB_per_day) << 20
        before_s = profile.before_s
        after_s = profile.after_s
        captureBytes = Int64(profile.captures_MiB) << 20
        // Fifteen seconds of turns, a quarter of a kilobyte each: what a capture looks back on, and what a
        // card that stalls for ten seconds has not taken.
        let wanted = 15 * 256 * rate_Hz
        memoryBytes = 1 << 19
        while Double(memoryBytes) < wanted && memoryBytes < 1 << 24 { memoryBytes *= 2 }
        longestCapture_s = max(longestCapture_s, before_s + after_s)
    }
}
