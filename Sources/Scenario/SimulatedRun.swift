import Report

/// A simulated run of whichever kind a board is, a village or a DC site, as those who pace it or
/// show it need it.
public protocol SimulatedRun {
    var time_s: Double { get }
    /// The controllers on their boards.
    var sites: [Site] { get }
    /// One tick; `passed` above 1: ticks that were missed.
    mutating func step(passed: UInt32)
    mutating func apply(_ event: ScheduledHappening)
    /// To the end. `progress` hears simulated seconds; false stops.
    mutating func run(progress: (Double) -> Bool) -> Trace
    /// Leaves the plant safe and answers the trace with its figures.
    mutating func finish() -> Trace
    /// Makes the frames of the live view.
    func frames() -> any LiveFraming
}

/// Turns a run into frames, one after another; keeps what a frame remembers of those before.
public protocol LiveFraming {
    mutating func frame(of run: any SimulatedRun) -> LiveFrame?
}

extension Scenario {
    /// The run this scenario describes.
    public func simulated(command: String) -> any SimulatedRun {
        profile.nanogrid != nil
            ? NanogridSimulation(self, command: command) : Simulation(self, command: command)
    }
}

extension Simulation: SimulatedRun {
    public var time_s: Double { village.time_s }
    public var sites: [Site] { [village.coupling] + village.homes }
    public func frames() -> any LiveFraming { LiveFrames(village, title: scenario.title) }
}
extension LiveFrames: LiveFraming {
    public mutating func frame(of run: any SimulatedRun) -> LiveFrame? {
        (run as? Simulation).map { frame($0, hint: "") }
    }
}

extension NanogridSimulation: SimulatedRun {
    public var time_s: Double { site.time_s }
    public var sites: [Site] { site.batteries }
    public func frames() -> any LiveFraming { DCLiveFrame() }
}
extension DCLiveFrame: LiveFraming {
    public mutating func frame(of run: any SimulatedRun) -> LiveFrame? {
        (run as? NanogridSimulation).map { frame($0) }
    }
}
