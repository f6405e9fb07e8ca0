import Control
import Report

// How much attention a state asks of people.

extension IslandingState {
    public var tone: Tone {
        switch self {
        case .gridTied: .normal
        case .opening, .islanded, .resynchronising, .closing, .blackStart: .attention
        case .fault: .alarm
        }
    }
}

extension SourceState {
    public var tone: Tone {
        switch self {
        case .forming: .normal
        case .off, .observing, .following, .blackStarting: .attention
        case .tripped: .alarm
        }
    }
}

extension ContactorState {
    public var tone: Tone {
        switch self {
        case .closed: .normal
        case .open, .preCharging, .closing, .settling, .opening, .waiting: .attention
        case .welded: .alarm
        }
    }
}

extension Record {
    /// Of the DC converter's state.
    package var converterTone: Tone {
        if command.converter.isOn { return .normal }
        return verdict.mustTripSource ? .alarm : .attention
    }
}

extension DERState {
    public var tone: Tone {
        switch self {
        case .continuous: .normal
        case .outOfService, .enteringService, .mandatory, .permissive, .momentaryCessation, .ceased:
            .attention
        case .tripped: .alarm
        }
    }
}
