/// Why a point was not taken, and what to do about it.
public struct PointRefusal: Error, Equatable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// The channel gives no readings, or old ones.
        case silent
        /// Noise, drift, or not enough seconds yet.
        case unsteady
        case saturated
        /// Raw and reference are those of a point that is there already.
        case duplicate
        /// Another channel moved, or shows the value; it is in `other`.
        case wrongChannel
        /// The reference moved, no channel did.
        case unmoved
        /// Right size, wrong sign.
        case reversed
        /// Far from what the nominal gain makes of the raw number.
        case implausible
        /// The reference is no number.
        case noNumber
    }
    public var kind: Kind
    public var message: String
    public var remedy: String
    /// The channel that moved instead.
    public var other: Calibrated?
    /// A person who knows better may have it taken all the same.
    public var canBeConfirmed: Bool

    public init(
        _ kind: Kind, _ message: String, _ remedy: String, other: Calibrated? = nil,
        canBeConfirmed: Bool = false
    ) {
        (self.kind, self.message, self.remedy) = (kind, message, remedy)
        (self.other, self.canBeConfirmed) = (other, canBeConfirmed)
    }
}
