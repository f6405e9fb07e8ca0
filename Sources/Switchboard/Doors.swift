import BoardProfile
import LinuxBoard

/// How buses, line chips and converters of a board file are reached. `Doors.kernel` is the real way; tests and
/// demonstrations bring their own.
public struct Doors: Sendable {
    public var bus: @Sendable (BusProfile) -> BusThread.Door
    /// Bit n of wishes and levels is line n.
    public var lines: @Sendable (GPIOProfile, [LineProfile]) -> LineThread.Door
    /// A capture of waveforms; libiio finds a simulated converter too.
    public var capture: @Sendable (CaptureSource) -> CaptureThread.Door
    public init(
        bus: @escaping @Sendable (BusProfile) -> BusThread.Door,
        lines: @escaping @Sendable (GPIOProfile, [LineProfile]) -> LineThread.Door,
        capture: @escaping @Sendable (CaptureSource) -> CaptureThread.Door = CaptureThread.iio
    ) {
        (self.bus, self.lines, self.capture) = (bus, lines, capture)
    }
}
