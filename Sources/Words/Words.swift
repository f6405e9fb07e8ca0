import Control

// States and causes in the words people read.

extension IslandReason {
    public var words: String {
        switch self {
        case .start: "since start"
        case .diagnosing: "finding out why"
        case .gridLost: "grid lost"
        case .gridRejected: "grid rejected"
        case .planned: "planned"
        case .blind: "blind"
        case .droppedOut: "switch fell open"
        case .closingFailed: "closing failed"
        }
    }
}

extension IslandingState {
    /// The state without its times, for tracks and transitions.
    public var words: String {
        switch self {
        case .gridTied: "grid-tied"
        case .opening: "opening"
        case .islanded(let reason, _, _): "islanded: \(reason.words)"
        case .resynchronising: "resynchronising"
        case .closing: "closing in step"
        case .blackStart: "energising a dead bus"
        case .fault(let cause): "fault: \(cause.words([]))"
        }
    }
}

extension SourceState {
    public func words(_ stages: [String]) -> String {
        switch self {
        case .off: "off"
        case .observing: "observing the bus"
        case .following: "following"
        case .forming: "forming"
        case .blackStarting: "black start"
        case .tripped(let cause, _): "tripped: \(cause.words(stages))"
        }
    }
}

extension DERState {
    /// The state without its times.
    public func words(_ stages: [String]) -> String {
        switch self {
        case .outOfService(.none): "out of service"
        case .outOfService(let cause): "out of service: \(cause.words(stages))"
        case .tripped(let cause): "tripped: \(cause.words(stages))"
        case .enteringService: "entering service"
        case .continuous: "continuous operation"
        case .mandatory: "mandatory operation"
        case .permissive: "permissive operation"
        case .momentaryCessation: "momentary cessation"
        case .ceased: "ceased to energise"
        }
    }
}

extension ContactorState {
    public var words: String {
        switch self {
        case .open: "open"
        case .preCharging: "pre-charging"
        case .closing: "closing"
        case .settling: "settling"
        case .closed: "closed"
        case .opening: "opening"
        case .waiting: "waiting"
        case .welded: "welded"
        }
    }
}

extension Cause {
    /// - Parameters:
    ///   - stages: names of the controller's stages, in order.
    ///   - channels: those that are blind, where that is the cause.
    public func words(_ stages: [String], blind channels: ChannelSet = ChannelSet()) -> String {
        if self == .blind && !channels.isEmpty {
            return "blind: \(channels.words.joined(separator: ", "))"
        }
        return switch self {
        case .none: "no cause"
        case .stage(let k): Int(k) < stages.count ? stages[Int(k)] : "stage \(k)"
        case .blind: "a channel is blind"
        case .wish: "asked for"
        case .unproven: "nothing proves the grid"
        case .welded: "welded contact"
        case .droppedOut: "contact dropped out"
        case .failedToClose: "contact failed to close"
        case .preChargeFailed: "pre-charge failed"
        case .noBatteryVoltage: "no battery voltage"
        case .deadBus: "bus dead"
        case .outOfStep: "out of step"
        case .notReady: "inverter not ready"
        case .unintentionalIsland: "unintentional island"
        }
    }
}

extension ChannelSet {
    /// The names of the channels in the set.
    public var words: [String] {
        WaveChannel.allCases.filter { meets(.wave($0)) }.map { "\($0)" }
            + ScalarChannel.allCases.filter { meets(.scalar($0)) }.map { "\($0)" }
            + Contact.allCases.filter { meets(.contact($0)) }.map { "contact \($0)" }
    }
}

extension Record {
    /// The channels for whose blindness the source is off, to follow the words of its state.
    public var blindnessWords: String {
        verdict.sourceCause == .blind && !verdict.sourceBlind.isEmpty
            ? " (\(verdict.sourceBlind.words.joined(separator: ", ")))" : ""
    }

    /// The DC converter's state.
    ///
    /// - Parameter stages: names of the controller's stages, in order.
    public func converterWords(_ stages: [String]) -> String {
        if command.converter.isOn { return "sharing" }
        if verdict.mustTripSource { return "tripped: \(verdict.sourceCause.words(stages))" }
        return "off"
    }
}
