import Control

// States as words that do not change with the language of whoever reads: the names of their cases.

extension IslandingState {
    public var code: String {
        switch self {
        case .gridTied: "gridTied"
        case .opening: "opening"
        case .islanded: "islanded"
        case .resynchronising: "resynchronising"
        case .closing: "closing"
        case .blackStart: "blackStart"
        case .fault: "fault"
        }
    }
    /// Whether the switch is open; nil where it is in doubt.
    public var isIslanded: Bool? {
        switch self {
        case .gridTied, .opening: false
        case .islanded, .resynchronising, .closing, .blackStart: true
        case .fault: nil
        }
    }
}

extension SourceState {
    public var code: String {
        switch self {
        case .off: "off"
        case .observing: "observing"
        case .following: "following"
        case .forming: "forming"
        case .blackStarting: "blackStarting"
        case .tripped: "tripped"
        }
    }
}

extension DERState {
    public var code: String {
        switch self {
        case .outOfService: "outOfService"
        case .tripped: "tripped"
        case .enteringService: "enteringService"
        case .continuous: "continuous"
        case .mandatory: "mandatory"
        case .permissive: "permissive"
        case .momentaryCessation: "momentaryCessation"
        case .ceased: "ceased"
        }
    }
}

extension ContactorState {
    public var code: String {
        switch self {
        case .open: "open"
        case .preCharging: "preCharging"
        case .closing: "closing"
        case .settling: "settling"
        case .closed: "closed"
        case .opening: "opening"
        case .waiting: "waiting"
        case .welded: "welded"
        }
    }
}

extension SyncPermit {
    public var code: String {
        switch self {
        case .close: "granted"
        case .notBothLive: "notBothLive"
        case .slip: "slip"
        case .voltage: "voltage"
        case .angle: "angle"
        case .unsteady: "unsteady"
        case .confirming: "confirming"
        }
    }
}

extension Presence {
    public var code: String {
        switch self {
        case .dead: "dead"
        case .live: "live"
        case .doubtful: "doubtful"
        }
    }
}
