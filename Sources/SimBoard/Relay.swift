import Plant

/// A relay, contactor or switch with its auxiliary contact and its faults, as a board meets it.
public struct Relay: Sendable {
    private var contacts: Plant.Contactor
    /// What the driver was told.
    public var coil = false
    private var fault: RelayFault?

    public init(close_s: Double, open_s: Double, random: Random) {
        contacts = Plant.Contactor(closeTime_s: close_s, openTime_s: open_s, random: random)
    }

    /// Current flows through the main contacts.
    public var isConducting: Bool { contacts.isConducting }
    /// What the auxiliary contact says.
    public var auxiliary: Bool {
        if case .feedback(let lie)? = fault { lie } else { contacts.auxiliary }
    }
    /// The auxiliary contact cannot be read.
    public var isDeaf: Bool { fault == .deaf }
    /// The contacts are welded: a fault, not a command, holds them.
    public var isWelded: Bool { fault == .weld }

    public mutating func lay(_ fault: RelayFault?) {
        self.fault = fault
        contacts.isWelded = fault == .weld
        contacts.isStuckOpen = fault == .stuckOpen
        if case .slow(let factor)? = fault {
            contacts.slowness = factor
        } else {
            contacts.slowness = 1
        }
    }
    public mutating func step(dt_s: Double) {
        contacts.step(coil: fault == .disconnected ? false : coil, dt_s: dt_s)
    }
}
