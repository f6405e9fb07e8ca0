import Control

/// What can be wrong with a sensor. Together with `RelayFault` this is the fault language of tests,
/// scenarios and benches.
public enum SensorFault: Equatable, Sendable {
    /// The last raw number for ever.
    case freeze
    /// A growing error, in the quantity's unit a second.
    case drift(perSecond: Double)
    /// A wrong ratio.
    case scale(Double)
    /// No new values: the reading's age grows.
    case drop
    /// A jump of ± `size` with this probability at each reading.
    case spike(probability: Double, size: Double)
    /// More noise, standard deviation in the quantity's unit.
    case noise(Double)
    /// Stuck at a value in the quantity's unit.
    case stick(Double)
    /// The driver says it has nothing. A waveform channel, whose counts cannot say so, goes stale.
    case nan
    /// Wired to the place of another channel, and that one to this.
    case swap(with: UInt8)
}

/// What can be wrong with a relay, contactor or switch.
public enum RelayFault: Equatable, Sendable {
    /// The contacts stay closed whatever the coil does.
    case weld
    /// The contacts stay open.
    case stuckOpen
    /// Travel takes this many times longer.
    case slow(Double)
    /// The auxiliary contact says this, whatever the contacts do.
    case feedback(Bool)
    /// The auxiliary contact cannot be read.
    case deaf
    /// The coil's driver reports success and nothing moves.
    case disconnected
}

/// Where a fault sits on a board.
public enum FaultPlace: Equatable, Sendable {
    case wave(WaveChannel)
    case scalar(ScalarChannel)
    case relay(Contact)
}
