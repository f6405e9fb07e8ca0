import BlackBox
import BoardProfile

extension BlackBoxSettings {
    /// As the board file has them.
    init(_ profile: BlackBoxProfile) {
        self.init()
        ringBytes = Int64(profile.size_MiB) << 20
        age_s = profile.age_s
        bytesPerDay = Int64(profile.most_MiB_per_day) << 20
        before_s = profile.before_s
        after_s = profile.after_s
        captureBytes = Int64(profile.captures_MiB) << 20
        longestCapture_s = max(longestCapture_s, before_s + after_s)
    }
}
