import BoardProfile
import LinuxBoard

/// How buses and line chips of a board file are reached. `Doors.kernel` is the real way; tests and
/// demonstrations bring their own.
public struct Doors: Sendable {
    public var bus: @Sendable (BusProfile) -> BusThread.Door
    /// The lines in the order of their request: outputs and inputs apart, each with its bit.
    public var lines: @Sendable (GPIOProfile, LineRequest) -> LineThread.Door
    public init(
        bus: @escaping @Sendable (BusProfile) -> BusThread.Door,
        lines: @escaping @Sendable (GPIOProfile, LineRequest) -> LineThread.Door
    ) {
        (self.bus, self.lines) = (bus, lines)
    }
}

/// The lines of one chip that a board file names: bit n of the wish is `outputs[n]`, bit n of the
/// levels is `inputs[n]`.
public struct LineRequest: Sendable, Equatable {
    public var outputs: [LineProfile] = []
    public var inputs: [LineProfile] = []
    /// Levels of the outputs at rest, by bit.
    public var rest: UInt32 = 0
    public init() {}
}
