extension Controller {
    /// Takes over, while running, what an area operator may change: the stages, the enter-service
    /// window and the settings under a grid code. Nothing else of `settings` is looked at, and no
    /// state is lost: the timers of a stage that is the same go on, those of one that changed begin
    /// anew; what is in service stays so, and its functions move to their new targets as their
    /// responses have it (IEEE 1547-2018, 4.6.3).
    ///
    /// A controller that was made without a grid code gets none, and one that was made with one keeps
    /// it. Settings must already be checked, as for `init`.
    public mutating func adopt(_ settings: ControllerSettings) {
        protection.adopt(settings.stages)
        if let window = settings.coupling?.window, islanding != nil { enterService.window = window }
        if interconnect != nil, let changed = settings.interconnect {
            let drawsAnew =
                interconnect!.enterService.randomDelay != changed.enterService.randomDelay
            interconnect = changed
            derWindow.window = changed.enterService.window
            if drawsAnew { draw() }
        }
    }
}

extension Protection {
    /// Other stages; of one that is as it was the state stays.
    mutating func adopt(_ changed: StageList) {
        precondition(changed.count <= stageLimit, "more stages than stageLimit")
        for k in 0..<stageLimit {
            let stage = k < changed.count ? changed[k] : Self.idle
            if stages[k] != stage || (k < count) != (k < changed.count) {
                stages[k] = stage
                states[k] = StageState()
            }
        }
        count = changed.count
        note()
    }
}
