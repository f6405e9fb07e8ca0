/// The watchdog relay beside the controller: it feeds the contactors' coils and the converter's enable
/// line while the heartbeat toggles, and lets go of them 0.5 s after the last edge. It has no latch:
/// a train of edges, each within 0.5 s of the last, brings the supply back at the fourth. A line that
/// is only made an output and set gives two.
struct WatchdogRelay {
    static let patience_s = 0.5
    static let train = 4
    private var level = false
    private var lastEdge_s = -Double.infinity
    private var edges = 0
    private(set) var drops = 0
    private(set) var isSupplying = false

    /// The heartbeat line's level now.
    mutating func hear(_ now: Bool, at now_s: Double) {
        guard now != level else { return }
        edges = now_s - lastEdge_s < Self.patience_s ? min(edges + 1, Self.train) : 1
        lastEdge_s = now_s
        level = now
    }
    /// Whether coils are fed; counts each time they are dropped.
    mutating func supplies(at now_s: Double) -> Bool {
        let fed = edges == Self.train && now_s - lastEdge_s < Self.patience_s
        if isSupplying, !fed { drops += 1 }
        isSupplying = fed
        return fed
    }
}
