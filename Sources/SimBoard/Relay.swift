import Plant

/// A relay, contactor or switch with its auxiliary contact and its faults, as a board meets it.
public struct Relay: Sendable {
    private var contacts: Plant.Contactor
    /// What the driver was told.
    public var coil = false
    private var fault: RelayFault?

    /// - Parameter random: every relay travels a little differently: ±10 %.
    public init(close_s: Double, open_s: Double, random: Random, isClosed: Bool = false) {
        var random = random
        contacts = Plant.Contactor(
            closing_us: Int(close_s * 1e6 * random.uniform(0.9, 1.1)),
            opening_us: Int(open_s * 1e6 * random.uniform(0.9, 1.1)), isClosed: isClosed)
        coil = isClosed
    }

    /// Current flows through the main contacts.
    public var isConducting: Bool { contacts.isConducting }
    /// What the auxiliary contact says.
    public var auxiliary: Bool {
        contacts.auxiliary
    }
    /// The auxiliary contact cannot be read.
    public var isDeaf: Bool { fault == .deaf }
    /// The contacts are welded: a fault, not a command, holds them.
    public var isWelded: Bool { fault == .weld }

    /// Travels slower than it should.
    public var isSlow: Bool {
        if case .slow? = fault { true } else { false }
    }

    public mutating func lay(_ fault: RelayFault?) {
        self.fault = fault
        switch fault {
        case .weld: contacts.fault = .welded
        case .stuckOpen: contacts.fault = .stuckOpen
        case .slow(let factor):
            // A million times is never; NaN is 1.
            let times = factor >= 1 ? min(factor, 1e6) : 1
            contacts.fault = .slow(times: Int(times.rounded()))
        case .feedback(let lie): contacts.fault = .auxiliary(lie)
        case .deaf, .disconnected, nil: contacts.fault = nil
        }
    }
    public mutating func step(dt_s: Double) {
        contacts.coil = fault == .disconnected ? false : coil
        contacts.step(us: Int((dt_s * 1e6).rounded()))
    }
}
