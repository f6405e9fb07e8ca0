import Control
import HAL
import Loop
import SimBoard

/// One controller on its simulated board, with the newest setpoints it was sent.
public final class Site {
    public let name: String
    public var runner: Runner<SimBoard>
    /// What it is asked for; renewed by the village's link.
    public var wish = Setpoints()
    /// What other programs ask of it, beside what the run itself asks.
    public var asked: WishBox?
    private var asking = Setpoints()
    /// Hears every turn, with what was asked for in it.
    public var listener: ((Site, Setpoints) -> Void)?
    public init(name: String, runner: consuming Runner<SimBoard>) {
        self.name = name
        self.runner = runner
    }
    public var record: Record { runner.record }

    func turn(_ now: Tick, wanting own: Setpoints) {
        let wish = joined(own, at: now)
        runner.turn(now, wanting: wish)
        listener?(self, wish)
    }

    /// The run's wish with that of other programs in it: the more careful of both, and their power where
    /// they name one. Each holds no longer than it says.
    private func joined(_ own: Setpoints, at now: Tick) -> Setpoints {
        if let new = asked?.take() { asking = new }
        guard now < asking.expires else { return own }
        guard now < own.expires else { return asking }
        var wish = own
        wish.island = own.island || asking.island
        wish.connect = own.connect && asking.connect
        wish.acknowledge = own.acknowledge || asking.acknowledge
        if asking.active.value != 0 { wish.active = asking.active }
        if asking.reactive.value != 0 { wish.reactive = asking.reactive }
        return wish
    }
}
