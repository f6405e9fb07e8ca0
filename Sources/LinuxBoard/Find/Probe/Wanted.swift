import HAL

/// One thing a board file wants to be there.
public struct Wanted: Equatable, Sendable {
    public enum Part: Equatable, Sendable {
        case bus(DeviceSelector)
        /// A chip by its name in board files (`ina226`), which we drive ourselves.
        case chip(String, address: UInt8, bus: DeviceSelector)
        /// A GPIO chip.
        case gpio(DeviceSelector)
        /// A line of it, free for us.
        case line(Int, chip: DeviceSelector)
        /// An IIO device, channels it must have by their ids, and whether they are captured by a
        /// buffer.
        case iio(DeviceSelector, channels: [String] = [], buffered: Bool = false)
    }
    /// As the board file calls it: `battery`, `main_contactor`.
    public var name: String
    public var part: Part

    public init(_ name: String, _ part: Part) {
        self.name = name
        self.part = part
    }
}

/// Who to ask, and as what: the identity test of `chip` at `address`.
public struct IdentityQuestion: Hashable, Sendable {
    public var adapter: Int
    public var address: UInt8
    public var chip: String

    public init(adapter: Int, address: UInt8, chip: String) {
        (self.adapter, self.address, self.chip) = (adapter, address, chip)
    }
}

/// What became of it.
public struct IdentityAnswer: Equatable, Sendable {
    public enum Said: Equatable, Sendable {
        case identity(Identity)
        case fault(BoardFault)
    }
    public var question: IdentityQuestion
    public var said: Said

    public init(_ question: IdentityQuestion, _ said: Said) {
        self.question = question
        self.said = said
    }
}
