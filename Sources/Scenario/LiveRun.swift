import Control
import Loop
import Report
import SimBoard
import Synchronization

/// A simulation paced by the clock, on a thread of its own. The thread never waits for whoever
/// looks: it offers a frame ten times a second when nobody holds the box, and takes what was asked
/// for the same way.
public final class LiveRun: Sendable {
    private struct Box: Sendable {
        var frame: LiveFrame?
        var asked: [ScheduledHappening] = []
        var mustStop = false
        var trace: Trace?
    }
    private let box = Mutex(Box())
    private let scenario: Scenario
    private let command: String
    private let hint: String
    private let realTime: Bool

    public init(_ scenario: Scenario, command: String, hint: String, realTime: Bool) {
        self.scenario = scenario
        self.command = command
        self.hint = hint
        self.realTime = realTime
    }

    /// The newest frame.
    public var frame: LiveFrame? { box.withLock { $0.frame } }
    /// The whole run, once it has ended and the plant is safe.
    public var trace: Trace? { box.withLock { $0.trace } }
    public func ask(_ happening: ScheduledHappening) { box.withLock { $0.asked.append(happening) } }
    public func stop() { box.withLock { $0.mustStop = true } }

    /// The loop; returns after `stop`, or at the end of the scenario. Call it on its own thread.
    /// - Parameter granted: hears what the operating system granted, before the first tick.
    /// - Parameter begun: sees the run before its first tick, on this thread; false: it is not run.
    public func run(
        until length_s: Double, granted: (RealTime) -> Void,
        begun: (any SimulatedRun) -> Bool = { _ in true }
    ) {
        if realTime { granted(RealTime.request()) }
        var simulation = scenario.simulated(command: command)
        guard begun(simulation) else {
            if realTime { RealTime.release() }
            return
        }
        var frames = simulation.frames()
        let rate = scenario.sensing.rate_Hz
        var pacer = Pacer(perSecond: rate)
        var last = Tick(0)
        var busy_ns: Int64 = 0, window_ns = Pacer.now_ns()
        var busy = 0.0
        let offerEvery = UInt64(max(1, (rate / 10).rounded()))
        var due = offerEvery
        loop: while simulation.time_s < length_s {
            let now = pacer.next()
            let start = Pacer.now_ns()
            simulation.step(passed: UInt32(truncatingIfNeeded: min(now.since(last), 1000)))
            last = now
            busy_ns += Pacer.now_ns() - start
            guard now.count >= due else { continue }
            due = now.count + offerEvery
            let passed = Pacer.now_ns() - window_ns
            if passed > 500_000_000 {
                busy = 100 * Double(busy_ns) / Double(passed)
                busy_ns = 0
                window_ns += passed
            }
            guard var frame = frames.frame(of: simulation) else { continue }
            frame.hint = hint
            frame.ticks.rate_Hz = rate
            frame.ticks.count = now.count
            frame.ticks.overruns = pacer.overruns
            frame.ticks.wakeUpP50_us = Double(pacer.lateness.quantile_us(0.5))
            frame.ticks.wakeUpP99_us = Double(pacer.lateness.quantile_us(0.99))
            frame.ticks.wakeUpMax_us = Double(pacer.lateness.highest_us)
            frame.ticks.busy_percent = busy
            let offered = frame
            let asked: ([ScheduledHappening], Bool)? = box.withLockIfAvailable { box in
                box.frame = offered
                defer { box.asked = [] }
                return (box.asked, box.mustStop)
            }
            if let asked {
                for happening in asked.0 { simulation.apply(happening) }
                if asked.1 { break loop }
            }
        }
        let trace = simulation.finish()
        if realTime { RealTime.release() }
        box.withLock { $0.trace = trace }
    }
}
