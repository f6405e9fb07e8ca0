import Control
import Quantities

/// What people want of one controller until they want something else; kept by the hub, and renewed while
/// it lives. When the hub ends, it ends in the controller too, ``Feed/validity_ms`` later.
public struct Wants: Equatable, Sendable {
    /// A planned island.
    public var island = false
    /// May be connected to the grid.
    public var connect = true
    /// Power into the bus while tied, and nanoseconds of the monotonic clock at which that ends; nil: not
    /// asked for.
    public var scheduled: (active: Watts, reactive: Vars, until_ns: Int64)?
    /// Below this state of charge nothing is scheduled out of the battery, 0 ... 1.
    public var reserve: Float = 0
    /// Latched trips are acknowledged until then, ns of the monotonic clock.
    public var acknowledgedUntil_ns: Int64 = .min

    public init() {}

    /// Nothing is asked for beyond what the controller does by itself.
    func isIdle(at now_ns: Int64) -> Bool { wish(at: now_ns, charge: 1) == Setpoints() }

    /// As the controller hears it.
    ///
    /// - Parameter charge: the battery's state of charge, 0 ... 1; NaN, which nobody knows, is none.
    func wish(at now_ns: Int64, charge: Float) -> Setpoints {
        var wish = Setpoints()
        (wish.island, wish.connect) = (island, connect)
        wish.acknowledge = now_ns < acknowledgedUntil_ns
        if let scheduled, now_ns < scheduled.until_ns {
            let mayDischarge = reserve == 0 || charge > reserve
            wish.active = mayDischarge ? scheduled.active : min(scheduled.active, Watts(0))
            wish.reactive = scheduled.reactive
        }
        return wish
    }

    public static func == (a: Wants, b: Wants) -> Bool {
        a.island == b.island && a.connect == b.connect
            && a.reserve == b.reserve && a.acknowledgedUntil_ns == b.acknowledgedUntil_ns
            && a.scheduled?.active == b.scheduled?.active
            && a.scheduled?.reactive == b.scheduled?.reactive
            && a.scheduled?.until_ns == b.scheduled?.until_ns
    }
}
