import Control
import SimBoard

/// A plant that was lived through beforehand: what a board's sensors felt in each tick, to be felt
/// again without the physics, which is the world's and takes no time of a real board.
final class RecordedPlant: PlantPort {
    private struct Moment {
        var waves = TrueWaves(repeating: InlineArray(repeating: 0))
        var scalars = InlineArray<20, Double>(repeating: .nan)
        var contacts = LineSet()
        var deafContacts = LineSet()
        var wish = Setpoints()
    }
    private var moments: [Moment] = []
    private var now = 0
    /// The tick before the first moment.
    private let origin: Tick
    /// What the board drives.
    private(set) var command = Command()

    init(from origin: Tick, ticks: Int) {
        self.origin = origin
        moments.reserveCapacity(ticks)
    }

    /// Adds what `port` feels now, and what the site is asked for.
    func record(_ port: any PlantPort, samples: Int, wish: Setpoints) {
        var moment = Moment()
        port.read(waves: &moment.waves, count: samples)
        for c in ScalarChannel.allCases { moment.scalars[Int(c.rawValue)] = port.read(c) }
        moment.contacts = port.contacts
        moment.deafContacts = port.deafContacts
        moment.wish = wish
        moments.append(moment)
    }

    /// Goes to a tick; what lies beyond the last stands still.
    func go(to tick: Tick) { now = min(Int(tick.since(origin)), moments.count) - 1 }
    var wish: Setpoints { moments[now].wish }

    func read(waves: inout TrueWaves, count: Int) { waves = moments[now].waves }
    func read(_ channel: ScalarChannel) -> Double { moments[now].scalars[Int(channel.rawValue)] }
    var contacts: LineSet { moments[now].contacts }
    var deafContacts: LineSet { moments[now].deafContacts }
    func apply(_ command: Command) { self.command = command }
    /// Nothing breaks here.
    func fault(_ relay: Contact, _ fault: RelayFault?) {}
}
