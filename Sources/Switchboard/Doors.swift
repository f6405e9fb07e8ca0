import BoardProfile
import LinuxBoard

/// How buses and line chips of a board file are reached. `Doors.kernel` is the real way; tests and
/// demonstrations bring their own.
public struct Doors: Sendable {
    public var bus: @Sendable (BusProfile) -> BusThread.Door
    /// Bit n of wishes and levels is line n.
    public var lines: @Sendable (GPIOProfile, [LineProfile]) -> LineThread.Door
    public init(
        bus: @escaping @Sendable (BusProfile) -> BusThread.Door,
        lines: @escaping @Sendable (GPIOProfile, [LineProfile]) -> LineThread.Door
    ) {
        (self.bus, self.lines) = (bus, lines)
    }
}
