import Control

// The number of a machine's state, without what the state carries: in files, in frames, and wherever a
// change of state is looked for. 0 is no machine. A new case takes a new number, and none changes.

extension Optional<IslandingState> {
    public var code: UInt8 {
        switch self {
        case nil: 0
        case .gridTied: 1
        case .opening: 2
        case .islanded: 3
        case .resynchronising: 4
        case .closing: 5
        case .blackStart: 6
        case .fault: 7
        }
    }
}

extension Optional<SourceState> {
    public var code: UInt8 {
        switch self {
        case nil: 0
        case .off: 1
        case .observing: 2
        case .following: 3
        case .forming: 4
        case .blackStarting: 5
        case .tripped: 6
        }
    }
}

extension Optional<DERState> {
    public var code: UInt8 {
        switch self {
        case nil: 0
        case .outOfService: 1
        case .tripped: 2
        case .enteringService: 3
        case .continuous: 4
        case .mandatory: 5
        case .permissive: 6
        case .momentaryCessation: 7
        case .ceased: 8
        }
    }
}

extension Optional<ContactorState> {
    public var code: UInt8 {
        switch self {
        case nil: 0
        case .open: 1
        case .preCharging: 2
        case .closing: 3
        case .settling: 4
        case .closed: 5
        case .opening: 6
        case .waiting: 7
        case .welded: 8
        }
    }
}
