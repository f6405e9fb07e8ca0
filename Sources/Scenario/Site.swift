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
    /// Hears every turn, with what was asked for in it.
    public var listener: ((Site, Setpoints) -> Void)?
    public init(name: String, runner: consuming Runner<SimBoard>) {
        self.name = name
        self.runner = runner
    }
    public var record: Record { runner.record }

    func turn(_ now: Tick, wanting wish: Setpoints) {
        runner.turn(now, wanting: wish)
        listener?(self, wish)
    }
}
