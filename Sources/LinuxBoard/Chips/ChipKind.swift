import HAL

/// A person's mistake in what a board file says of a chip: which key, what is wrong, what helps.
public struct ChipRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// The option's name, `address`, or empty where the chip's name itself is wrong.
    public var key: String
    public var reason: String
    public var remedy: String
    public init(_ key: String, _ reason: String, remedy: String) {
        self.key = key
        self.reason = reason
        self.remedy = remedy
    }
    public var description: String { (key.isEmpty ? "" : "\(key): ") + "\(reason); \(remedy)" }
}

/// One setting of a chip as board files write it.
public struct ChipOption: Equatable, Sendable {
    /// What values it may have.
    public enum Choice: Equatable, Sendable {
        case range(ClosedRange<Double>)
        /// Whole numbers; bit masks are given so too.
        case whole(ClosedRange<Int>)
        case oneOf([Double])
    }
    /// With its unit as a suffix: `shunt_ohm`.
    public var name: String
    /// V, A, Ω, µs, SPS, or empty.
    public var unit: String
    public var choice: Choice
    /// Taken where a board file is silent; nil: it must be given.
    public var standard: Double?
    /// One sentence for a person.
    public var explanation: String

    init(
        _ name: String, _ unit: String, _ choice: Choice, standard: Double?, _ explanation: String
    ) {
        self.name = name
        self.unit = unit
        self.choice = choice
        self.standard = standard
        self.explanation = explanation
    }

    /// The allowed values in words: `0.001 ... 10 Ω`, `1, 4 or 16`.
    public var allowed: String {
        let suffix = unit.isEmpty ? "" : " \(unit)"
        switch choice {
        case .range(let range):
            return "\(brief(range.lowerBound)) ... \(brief(range.upperBound))\(suffix)"
        case .whole(let range):
            return "whole, \(range.lowerBound) ... \(range.upperBound)\(suffix)"
        case .oneOf(let values):
            let words = values.map(brief)
            let last = words.last ?? ""
            let head = words.dropLast().joined(separator: ", ")
            return (head.isEmpty ? last : "\(head) or \(last)") + suffix
        }
    }

    /// Refuses what is not allowed; NaN never is.
    @discardableResult
    public func hold(_ value: Double) throws(ChipRefusal) -> Double {
        let fits =
            switch choice {
            case .range(let range): range.contains(value)
            case .whole(let range):
                value == value.rounded() && value >= Double(range.lowerBound)
                    && value <= Double(range.upperBound)
            case .oneOf(let values): values.contains(value)
            }
        guard fits else {
            throw ChipRefusal(name, "\(brief(value)) is not allowed", remedy: "give \(allowed)")
        }
        return value
    }

    /// Where in a `.oneOf` the value stands: the chip's own code for it.
    func code(_ value: Double) throws(ChipRefusal) -> UInt16 {
        try hold(value)
        guard case .oneOf(let values) = choice, let index = values.firstIndex(of: value) else {
            preconditionFailure("\(name) is not a choice of listed values")
        }
        return UInt16(index)
    }
}

/// A number as a person writes it: whole numbers without a fraction.
private func brief(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
}

/// Every option of one chip, given or standard. Reading one that was not declared is our bug.
public struct ChipChoices: Sendable {
    let values: [String: Double]
    subscript(_ option: ChipOption) -> Double {
        guard let value = values[option.name] else {
            preconditionFailure("\(option.name) was not declared")
        }
        return value
    }
}

/// A chip we know by name: what a board file may say of it, what it offers, and how it is made.
public struct ChipKind: Sendable {
    public let name: String
    /// One sentence for a person.
    public let summary: String
    public let addresses: ClosedRange<UInt8>
    public let options: [ChipOption]
    /// What a `Meter` of this kind measures, in the order of `Meter.read`; empty: it is none.
    public let inputs: [ChipPin]
    /// What a `ReferenceOutput` of this kind gives; empty: it is none.
    public let outputs: [ChipPin]
    /// Lines of an `Expander` of this kind; 0: it is none.
    public let lineCount: Int
    private let build: @Sendable (UInt8, ChipChoices) throws(ChipRefusal) -> any Chip

    init<C: Chip>(
        _ chip: C.Type, _ summary: String, options: [ChipOption], inputs: [ChipPin] = [],
        outputs: [ChipPin] = [], lineCount: Int = 0,
        build: @escaping @Sendable (UInt8, ChipChoices) throws(ChipRefusal) -> C
    ) {
        name = C.name
        addresses = C.addresses
        self.summary = summary
        self.options = options
        self.inputs = inputs
        self.outputs = outputs
        self.lineCount = lineCount
        self.build = { (address, choices) throws(ChipRefusal) -> any Chip in
            try build(address, choices)
        }
    }

    /// - Parameters:
    ///   - address: seven bits, one of `addresses`.
    ///   - given: options by name; what is missing gets its standard value.
    /// - Throws: an address or a value out of range, an option unknown or missing, or a set of
    ///   values that do not go together.
    public func make(
        at address: UInt8, _ given: [String: Double] = [:]
    ) throws(ChipRefusal) -> any Chip {
        if let unknown = given.keys.filter({ key in !options.contains { $0.name == key } }).min() {
            let known = options.map(\.name).joined(separator: ", ")
            throw ChipRefusal(
                unknown, "\(name) has no such option",
                remedy: known.isEmpty ? "leave it out" : "its options are \(known)")
        }
        var values: [String: Double] = [:]
        for option in options {
            guard let value = given[option.name] ?? option.standard else {
                throw ChipRefusal(
                    option.name, "\(name) needs it",
                    remedy: "give \(option.allowed): \(option.explanation)")
            }
            values[option.name] = try option.hold(value)
        }
        return try build(address, ChipChoices(values: values))
    }
}

extension Chip {
    /// Refuses an address the chip cannot be strapped to.
    static func seat(_ address: UInt8) throws(ChipRefusal) -> UInt8 {
        guard addresses.contains(address) else {
            let (low, high) = (hex(addresses.lowerBound), hex(addresses.upperBound))
            throw ChipRefusal(
                "address", "\(name) cannot be at \(hex(address))",
                remedy: low == high ? "it is always at \(low)" : "give \(low) ... \(high)")
        }
        return address
    }

    /// Throws `.wrongChip` where another chip answers.
    func insist(on port: any I2CPort) throws(BoardFault) {
        if case .other = try identify(on: port) { throw .wrongChip }
    }
}

/// `0x4F`.
func hex<Number: FixedWidthInteger & UnsignedInteger>(_ value: Number) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: max(0, Number.bitWidth / 4 - digits.count)) + digits
}
