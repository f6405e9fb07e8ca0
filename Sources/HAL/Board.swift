import Control

/// A driver's failure: what kind, and the driver's own number (an errno where it has one).
public struct BoardFault: Error, Equatable, Sendable {
    public enum Kind: UInt8, Sendable {
        /// The bus, chip or line is not there.
        case notPresent
        /// It is there and did not answer as it should.
        case bus
        /// It did not answer in time.
        case timeout
        /// We may not use it.
        case notPermitted
    }
    public var kind: Kind
    public var code: Int32
    public init(_ kind: Kind, code: Int32 = 0) {
        self.kind = kind
        self.code = code
    }
}

/// What one tick asks of a board: actions, never parts. Neither verb may wait for a bus: the newest
/// values are handed over with their ages, and wanted outputs are posted.
public protocol Board: ~Copyable {
    /// Fills `sample` with the newest raw readings. After a throw `sample` is as it was.
    mutating func sample(at now: Tick, into sample: inout Sample) throws(BoardFault)
    /// Posts what the controller wants. What the contacts then do is seen in the next samples.
    mutating func act(_ command: Command) throws(BoardFault)
    /// Lets go of everything that can energise the plant. Must not fail.
    mutating func makeSafe()
}
