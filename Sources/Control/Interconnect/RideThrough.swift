import Quantities

/// What a DER must do in a region of abnormal voltage or frequency (IEEE 1547-2018, clause 3.1).
public enum RideThroughMode: UInt8, Sendable, BitwiseCopyable {
    /// Normal operation.
    case continuous
    /// It must go on exchanging power.
    case mandatory
    /// It may go on or pause; here it goes on.
    case permissive
    /// It pauses, connected, and returns by itself and fast.
    case momentaryCessation
    /// It delivers nothing; it may trip.
    case cease
}

/// The regions of abnormal voltage (tables 14 to 16) and frequency (table 19), and the way back.
///
/// Each region holds the one before it; what is outside all of them is cease to energise. Where a
/// category has no such region it equals the one before. Category I: 0.88 ... 1.10, mandatory from
/// 0.70, permissive 0.50 ... 1.20. II: mandatory from 0.65, permissive 0.30 ... 1.20. III: mandatory
/// from 0.50, momentary cessation 0 ... 1.20. The lowest phase and phase-to-phase voltage is judged
/// by the lower bounds, the highest by the upper ones.
///
/// How long a region is ridden through is not decided here: only a stage trips.
public struct RideThroughSettings: Equatable, Sendable, BitwiseCopyable {
    /// Inclusive bounds.
    public struct Bounds: Equatable, Sendable, BitwiseCopyable {
        public var low: Float
        public var high: Float
        public init(_ low: Float, _ high: Float) {
            self.low = low
            self.high = high
        }
    }
    /// Per unit of nominal voltage.
    public var continuous: Bounds
    public var mandatory: Bounds
    public var permissive: Bounds
    public var momentaryCessation: Bounds
    /// Hz. Outside, operation is mandatory (table 19) until a stage trips.
    public var continuousFrequency: Bounds
    /// Ticks for which the region must have been there before the gates block: what is left of 83 ms
    /// (momentary cessation) and of 160 ms (cease to energise) when the measurement is taken off.
    public var momentaryCessationAfter: UInt32
    public var ceaseAfter: UInt32
    /// Time in which power comes back from nil to full after momentary cessation or ceasing (6.4.2.7:
    /// 80 % of the current of before within 0.4 s, of which the measurement takes some 0.1 s).
    public var recovery: Seconds

    /// Category II at 60 Hz, unless told otherwise.
    public init(
        continuous: Bounds = Bounds(0.88, 1.10), mandatory: Bounds = Bounds(0.65, 1.10),
        permissive: Bounds = Bounds(0.30, 1.20), momentaryCessation: Bounds = Bounds(0.30, 1.20),
        continuousFrequency: Bounds = Bounds(58.8, 61.2), momentaryCessationAfter: UInt32 = 0,
        ceaseAfter: UInt32 = 0, recovery: Seconds = Seconds(0.2)
    ) {
        self.continuous = continuous
        self.mandatory = mandatory
        self.permissive = permissive
        self.momentaryCessation = momentaryCessation
        self.continuousFrequency = continuousFrequency
        self.momentaryCessationAfter = momentaryCessationAfter
        self.ceaseAfter = ceaseAfter
        self.recovery = recovery
    }
}
