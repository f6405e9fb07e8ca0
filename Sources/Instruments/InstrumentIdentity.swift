/// Who a meter says it is, in printable ASCII; for a record, not for proof.
public struct InstrumentIdentity: Equatable, Sendable {
    public var maker: String
    public var model: String
    public var serial: String
    public init(maker: String, model: String, serial: String) {
        (self.maker, self.model, self.serial) = (maker, model, serial)
    }
    var words: String { "\(maker) \(model), serial \(serial)" }
}

/// A meter that tells who it is: `*IDN?` of SCPI, the common model of SunSpec.
public protocol IdentifiedInstrument: Instrument {
    /// Nil where it did not say, or not in the form of its protocol.
    var identity: InstrumentIdentity? { get }
}
