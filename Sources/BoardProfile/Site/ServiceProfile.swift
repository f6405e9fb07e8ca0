/// How the controller runs as a service: its start, its black box, who may speak with it.
public struct ServiceProfile: Sendable, Equatable {
    /// What a controller does that was started again while the site was live.
    public enum Restart: String, CaseIterable, ChoiceValue {
        /// Outputs at rest; the way back is the long one, through synchronism check and pre-charge.
        case wait
        /// Goes on from the state the last one left, where that is young enough.
        case takeOver = "take_over"
    }
    public var restart = Restart.wait
    public var takeOverWithin_s = 2.0
    /// Inputs must be sound for this long before anything may close.
    public var selfTest_s = 2.0
    /// Where nil, nobody but systemd watches.
    public var watchdog: String?
    public var watchdog_s = 15.0
    public var link = LinkProfile()
    public var blackBox = BlackBoxProfile()
    public init() {}
}

/// Who besides root and the service's own user may speak with the controller.
public struct LinkProfile: Sendable, Equatable {
    /// Groups of the machine that may watch, and that may ask for setpoints.
    public var watchers: [String] = []
    public var commanders: [String] = []
    public init() {}
}

/// The record on disk.
public struct BlackBoxProfile: Sendable, Equatable {
    public var isKept = true
    public var size_MiB = 256
    /// What a power cut may take.
    public var age_s = 1.0
    /// Wear: what is written in a day.
    public var most_MiB_per_day = 8192
    /// Kept aside around every trip and transition.
    public var before_s = 5.0
    public var after_s = 5.0
    public var captures_MiB = 64
    public init() {}
}

extension ServiceProfile {
    static let section = Section(
        "Service", of: ServiceProfile(), "How the controller runs as a service."
    ) { s in
        s.choice(
            "restart", \.restart,
            "Started again on a live site: comes to rest and waits, or goes on where it was.")
        s.duration(
            "take_over_within_s", \.takeOverWithin_s, 0.1...10,
            "A state older than this is not gone on from. The watchdog relay behind the heartbeat must "
                + "hold for as long.")
        s.duration(
            "self_test_s", \.selfTest_s, 0.2...60,
            "Every input must be sound for this long before anything may close.")
        s.text(
            "watchdog", \.watchdog, "The machine's own watchdog.", example: "/dev/watchdog")
        s.duration(
            "watchdog_s", \.watchdog_s, 2...60, "It resets the machine after this much silence.")
        s.section("link", \.link, LinkProfile.section)
        s.section("black_box", \.blackBox, BlackBoxProfile.section)
    }
}

extension LinkProfile {
    static let section = Section(
        "Link", of: LinkProfile(),
        "Who besides root and the service's own user may speak with the controller."
    ) { s in
        s.texts(
            "watchers", \.watchers, 0...8, each: .name, "Groups whose members may watch.",
            example: ["skerry"])
        s.texts(
            "commanders", \.commanders, 0...8, each: .name,
            "Groups whose members may watch and ask for setpoints.", example: ["skerry-operators"])
    }
}

extension BlackBoxProfile {
    static let section = Section(
        "Black box", of: BlackBoxProfile(), "What the controller saw and did, on disk."
    ) { s in
        s.flag("keep", \.isKept, "Without it nothing can be replayed.")
        s.integer(
            "size_MiB", \.size_MiB, 4...65_536, "The ring on disk; the oldest is written over.")
        s.duration("age_s", \.age_s, 0.2...60, "A power cut takes no more than this.")
        s.integer(
            "most_MiB_per_day", \.most_MiB_per_day, 1024...1_000_000,
            "Bounds the wear of a card; beyond it turns are left out, records once a second go on.")
        s.duration(
            "before_s", \.before_s, 0...60, "Kept aside before every trip and transition.")
        s.duration("after_s", \.after_s, 0...60, "And after it.")
        s.integer(
            "captures_MiB", \.captures_MiB, 1...65_536,
            "All that is kept aside; the oldest goes first.")
    }
}
