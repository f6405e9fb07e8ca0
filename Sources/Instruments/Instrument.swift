/// What a reference meter read.
public struct InstrumentReading: Equatable, Sendable {
    /// In the unit the caller asked for.
    public var value: Double
    /// The resolution of its answer, 0 where it is not known.
    public var resolution: Double
    public init(_ value: Double, resolution: Double = 0) {
        (self.value, self.resolution) = (value, resolution)
    }
}

/// Why a reference meter gave nothing.
public struct InstrumentFault: Error, Equatable, Sendable, CustomStringConvertible {
    public var message: String
    public var remedy: String
    public init(_ message: String, _ remedy: String) {
        (self.message, self.remedy) = (message, remedy)
    }
    public var description: String { "\(message); \(remedy)" }
}

/// A reference meter that a program can read.
public protocol Instrument: AnyObject {
    /// For people: what it is and where.
    var name: String { get }
    /// One reading, within a second or two; a fault says what to do.
    func read() throws(InstrumentFault) -> InstrumentReading
}
