import Control

/// True waveforms of one tick, oldest first, in V and A.
public typealias TrueWaves = InlineArray<9, InlineArray<20, Double>>

/// Where a simulated board is wired into a plant: what its sensors would feel, and what its outputs
/// move.
public protocol PlantPort: AnyObject {
    /// Fills the true waveforms of the tick that has just passed.
    func read(waves: inout TrueWaves, count: Int)
    /// The true value of a slow channel now; NaN where the plant has no such thing.
    func read(_ channel: ScalarChannel) -> Double
    /// The auxiliary contacts now, faults included.
    var contacts: LineSet { get }
    /// Contacts that cannot be read now.
    var deafContacts: LineSet { get }
    /// Drives coils and references.
    func apply(_ command: Command)
    /// Lays a fault on a relay, or clears it.
    func fault(_ relay: Contact, _ fault: RelayFault?)
}
