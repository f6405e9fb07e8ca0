import Quantities

/// Active and reactive power as they may be commanded.
struct PowerPair: Sendable, BitwiseCopyable {
    var active: Watts
    var reactive: Vars
}

extension InterconnectSettings {
    /// Holds powers inside the nameplate: each rating, the apparent power, and the current at this
    /// voltage (IEEE 1547-2018, 5.2). Reactive power comes first, or active; under constant power
    /// factor both give way together (4.7). What is no number comes out as nil.
    ///
    /// - Parameters:
    ///   - flowing: the active power that flows now; NaN where it is not known.
    ///   - voltage: per unit; NaN where it is not known.
    func capable(_ wanted: PowerPair, flowing: Watts, voltage: Float) -> PowerPair {
        let n = nameplate
        let carried = voltage.isFinite ? max(n.current * voltage, 0) : 1
        let s = n.apparent.value * min(carried, 1)
        var p = wanted.active.isFinite ? wanted.active.value : 0
        var q = wanted.reactive.isFinite ? wanted.reactive.value : 0
        q = max(min(q, min(n.mostInjected.value, s)), -min(n.mostAbsorbed.value, s))
        if priority == .active, flowing.isFinite {
            // 1 % of head room, so that active power can rise to what is available.
            let f = min(flowing.value.magnitude + 0.01 * s, s)
            let room = root(s * s - f * f)
            q = q.clamped(-room, room)
        }
        var room = root(s * s - q * q)
        if reactiveMode == .constantPowerFactor { room = min(room, s * powerFactor.magnitude) }
        p = max(min(p, min(n.mostOut.value, room)), -min(n.mostIn.value, room))
        return PowerPair(active: Watts(p), reactive: Vars(q))
    }
}
