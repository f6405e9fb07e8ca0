import Quantities

/// A scalar, or a list of scalars, as it passes between the file and the settings.
public indirect enum Value: Equatable, Sendable {
    /// In the unit of the key; finite.
    case number(Double)
    case integer(Int)
    case flag(Bool)
    case text(String)
    case list([Value])

    /// As it would be written in a file.
    public var written: String {
        switch self {
        case .number(let number): plain(number)
        case .integer(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .text(let text): text
        case .list(let items): "[" + items.map(\.written).joined(separator: ", ") + "]"
        }
    }

    public var json: JSON {
        switch self {
        case .number(let number): .number(number)
        case .integer(let number): .number(Double(number))
        case .flag(let flag): .flag(flag)
        case .text(let text): .text(text)
        case .list(let items): .list(items.map(\.json))
        }
    }
}

/// What a number of a file can become: `Double`, `Float`, a `Quantity`, a `Duration`, or an
/// optional of these. Plain numbers stay in the key's unit; quantities are scaled to theirs, so
/// `window_ms: 200` bound to `Seconds` is 0.2.
public protocol NumberValue: Sendable {
    /// Nil: a plain number, unscaled.
    static var dimension: Dimension? { get }
    init(number: Double)
    var number: Double? { get }
}

extension Double: NumberValue {
    public static var dimension: Dimension? { nil }
    public init(number: Double) { self = number }
    public var number: Double? { self }
}

extension Float: NumberValue {
    public static var dimension: Dimension? { nil }
    public init(number: Double) { self = Float(number) }
    /// By its shortest decimal text: 0.1, not 0.10000000149.
    public var number: Double? { Double("\(self)") }
}

extension Optional: NumberValue where Wrapped: NumberValue {
    public static var dimension: Dimension? { Wrapped.dimension }
    public init(number: Double) { self = Wrapped(number: number) }
    public var number: Double? { self?.number }
}

extension Swift.Duration: NumberValue {
    public static var dimension: Dimension? { .time }
    public init(number: Double) { self = .nanoseconds(Int64((number * 1e9).rounded())) }
    public var number: Double? {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

/// A unit of `Quantities`, by its dimension.
public protocol Dimensioned: Sendable { static var dimension: Dimension { get } }
extension Unit.Volt: Dimensioned { public static var dimension: Dimension { .voltage } }
extension Unit.Ampere: Dimensioned { public static var dimension: Dimension { .current } }
extension Unit.Watt: Dimensioned { public static var dimension: Dimension { .power } }
extension Unit.Var: Dimensioned { public static var dimension: Dimension { .reactivePower } }
extension Unit.VoltAmpere: Dimensioned {
    public static var dimension: Dimension { .apparentPower }
}
extension Unit.Hertz: Dimensioned { public static var dimension: Dimension { .frequency } }
extension Unit.HertzPerSecond: Dimensioned {
    public static var dimension: Dimension { .frequencyRate }
}
extension Unit.Ohm: Dimensioned { public static var dimension: Dimension { .resistance } }
extension Unit.Second: Dimensioned { public static var dimension: Dimension { .time } }
extension Unit.DegreeCelsius: Dimensioned {
    public static var dimension: Dimension { .temperature }
}

extension Quantity: NumberValue where U: Dimensioned {
    public static var dimension: Dimension? { U.dimension }
    public init(number: Double) { self.init(Float(number)) }
    public var number: Double? { value.number }
}

/// `Int`, the fixed-width integers in use, or an optional of these.
public protocol IntegerValue: Sendable {
    /// What the type can hold, as far as `Int` reaches.
    static var span: ClosedRange<Int> { get }
    init(integer: Int)
    var integer: Int? { get }
}

extension IntegerValue where Self: FixedWidthInteger {
    public static var span: ClosedRange<Int> { Int(clamping: min)...Int(clamping: max) }
    public init(integer: Int) { self.init(integer) }
    public var integer: Int? { Int(exactly: self) }
}
extension Int: IntegerValue {}
extension Int32: IntegerValue {}
extension Int64: IntegerValue {}
extension UInt8: IntegerValue {}
extension UInt16: IntegerValue {}
extension UInt32: IntegerValue {}
extension UInt64: IntegerValue {}
extension Optional: IntegerValue where Wrapped: IntegerValue {
    public static var span: ClosedRange<Int> { Wrapped.span }
    public init(integer: Int) { self = Wrapped(integer: integer) }
    public var integer: Int? { self?.integer }
}

/// `String` or `String?`. An empty default counts as none.
public protocol TextValue: Sendable {
    init(text: String)
    var text: String? { get }
}
extension String: TextValue {
    public init(text: String) { self = text }
    public var text: String? { isEmpty ? nil : self }
}
extension Optional: TextValue where Wrapped == String {
    public init(text: String) { self = text }
    public var text: String? { self }
}

/// `Bool` or `Bool?`.
public protocol FlagValue: Sendable {
    init(flag: Bool)
    var flag: Bool? { get }
}
extension Bool: FlagValue {
    public init(flag: Bool) { self = flag }
    public var flag: Bool? { self }
}
extension Optional: FlagValue where Wrapped == Bool {
    public init(flag: Bool) { self = flag }
    public var flag: Bool? { self }
}

/// An enumeration whose raw values are the words people write, or an optional of one.
public protocol ChoiceValue: Sendable {
    static var words: [String] { get }
    init?(word: String)
    var word: String? { get }
}
extension ChoiceValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    public static var words: [String] { allCases.map(\.rawValue) }
    public init?(word: String) { self.init(rawValue: word) }
    public var word: String? { rawValue }
}
extension Optional: ChoiceValue where Wrapped: ChoiceValue {
    public static var words: [String] { Wrapped.words }
    public init?(word: String) {
        guard let value = Wrapped(word: word) else { return nil }
        self = value
    }
    public var word: String? { self?.word }
}
