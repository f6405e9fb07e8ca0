/// The watchdog relay beside the controller: it feeds the contactors' coils and the converter's enable
/// line while the heartbeat toggles, and lets go of them 0.5 s after the last edge. It has no latch:
/// edges bring the supply back.
struct WatchdogRelay {
    static let patience_s = 0.5
    private var level = false
    private var lastEdge_s = -Double.infinity
    private(set) var drops = 0
    private(set) var isSupplying = false

    /// The heartbeat line's level now.
    mutating func hear(_ now: Bool, at now_s: Double) {
        if now != level { lastEdge_s = now_s }
        level = now
    }
    /// Whether coils are fed; counts each time they are dropped.
    mutating func supplies(at now_s: Double) -> Bool {
        let fed = now_s - lastEdge_s < Self.patience_s
        if isSupplying, !fed { drops += 1 }
        isSupplying = fed
        return fed
    }
}
