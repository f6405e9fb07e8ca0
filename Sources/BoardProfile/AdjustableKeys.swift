/// A number of a grid code: what it is, and the range an operator may choose it from.
public struct Adjustable: Sendable, Equatable {
    public var value: Double
    /// Nil where the code states none.
    public var range: ClosedRange<Double>?
    public init(_ value: Double, _ range: ClosedRange<Double>? = nil) {
        self.value = value
        self.range = range
    }
}

extension Adjustable: NumberValue {
    public static var dimension: Dimension? { nil }
    public init(number: Double) { self.init(number) }
    public var number: Double? { value }
}

/// Who writes a section: a grid code, with the ranges, or a board that narrows it, without.
public enum Writer: Sendable { case code, board }

/// A key of a grid code that a board may set, without the types of its section.
struct Choice<Root: Sendable>: Sendable {
    let name: String
    /// Takes the board's value where it has one; nil, or what is wrong with it.
    let narrow: @Sendable (inout Root, Root) -> ChoiceFault?
    /// What is in force: value, range.
    let shown: @Sendable (Root) -> (value: String, range: ClosedRange<Double>?)?
}

/// A value of a board that its grid code does not allow.
struct ChoiceFault: Equatable, Sendable {
    /// Below the section that was narrowed.
    var key: String
    var message: String
    var remedy: String
}

extension Section {
    /// A number that a grid code gives by itself, `0.16`, or with the range an operator may choose
    /// from, `{default: 0.16, range: [0.16, 2.0]}`; a board writes the number alone.
    public mutating func adjustable(
        _ name: String, _ path: Path<Root, Adjustable?>, _ range: ClosedRange<Double>,
        _ doc: String, _ need: Need = .optional, in writer: Writer, source: String = "",
        example: Double? = nil
    ) {
        if writer == .board {
            number(name, path, range, doc, .alternative, source: source, example: example)
        } else {
            ranged(name, path, range, doc, need, source, example)
        }
        let unit = UnitSuffix(of: name)
        adjustables.append(
            Choice(
                name: name,
                narrow: { code, board in
                    guard let chosen = board[keyPath: path] else { return nil }
                    let range = code[keyPath: path]?.range
                    code[keyPath: path] = Adjustable(chosen.value, range)
                    return range.flatMap { allowed in
                        ChoiceFault(chosen.value, outside: allowed, at: name, unit)
                    }
                },
                shown: { root in
                    root[keyPath: path].map {
                        (plain($0.value) + (unit.map { " " + $0.symbol } ?? ""), $0.range)
                    }
                }))
    }

    /// A switch or a word of a grid code that a board may set.
    public mutating func adjustable(
        _ name: String, _ path: Path<Root, Bool?>, _ doc: String, _ need: Need = .optional,
        in writer: Writer, source: String = ""
    ) {
        flag(name, path, doc, writer == .board ? .alternative : need, source: source)
        choose(name, path) { $0 ? "on" : "off" }
    }

    public mutating func adjustable<C: ChoiceValue>(
        _ name: String, _ path: Path<Root, C?>, _ doc: String, _ need: Need = .optional,
        in writer: Writer, source: String = ""
    ) {
        choice(name, path, doc, writer == .board ? .alternative : need, source: source)
        choose(name, path) { $0.word ?? "" }
    }

    private mutating func choose<V: Sendable>(
        _ name: String, _ path: Path<Root, V?>, _ words: @escaping @Sendable (V) -> String
    ) {
        adjustables.append(
            Choice(
                name: name,
                narrow: { code, board in
                    if let chosen = board[keyPath: path] { code[keyPath: path] = chosen }
                    return nil
                },
                shown: { root in root[keyPath: path].map { (words($0), nil) } }))
    }

    /// The board's choices in place of the code's; what of them is not allowed.
    func narrow(_ code: inout Root, by board: Root) -> [ChoiceFault] {
        adjustables.compactMap { $0.narrow(&code, board) }
    }

    private mutating func ranged(
        _ name: String, _ path: Path<Root, Adjustable?>, _ range: ClosedRange<Double>,
        _ doc: String, _ need: Need, _ source: String, _ example: Double?
    ) {
        let description = KeyDescription(
            name: name, shape: .adjustable(range), isRequired: need == .required,
            defaultValue: need == .optional ? empty[keyPath: path].map { .number($0.value) } : nil,
            example: example.map { .number($0) }, doc: doc, source: source)
        add(
            Key(
                description: description, path: path,
                value: { $0[keyPath: path].map { .number($0.value) } },
                read: { entry, root, reader in
                    guard let entry else {
                        reader.absent(
                            description, root[keyPath: path].map { .number($0.value) }, need)
                        return
                    }
                    if let made = reader.adjustable(entry, description, range) {
                        root[keyPath: path] = made
                    }
                }))
    }
}

extension ChoiceFault {
    /// Nil where `value` lies in what is allowed. Written so that no NaN passes.
    init?(
        _ value: Double, outside allowed: ClosedRange<Double>, at key: String, _ unit: UnitSuffix?
    ) {
        if allowed.contains(value) { return nil }
        let symbol = unit.map { " " + $0.symbol } ?? ""
        self.key = key
        if allowed.lowerBound == allowed.upperBound {
            message = "is not what the grid code fixes, \(plain(allowed.lowerBound))\(symbol)"
            remedy = "write \(plain(allowed.lowerBound)), or remove the line"
        } else {
            message = "is outside what the grid code allows, \(rangeWords(allowed))\(symbol)"
            remedy = "write \(rangeWords(allowed))"
        }
    }
}

/// "0.16 to 2".
func rangeWords(_ range: ClosedRange<Double>) -> String {
    "\(plain(range.lowerBound)) to \(plain(range.upperBound))"
}

/// `{default: 0.16, range: [0.16, 2.0]}` as written.
private struct Written: Sendable {
    var value = 0.0
    var range: [Double] = []

    static func section(_ name: String, _ limits: ClosedRange<Double>) -> Section<Written> {
        Section(name, of: Written(), "") { s in
            s.number(
                "default", \.value, limits, "What holds unless an operator chooses.", .required)
            s.numbers(
                "range", \.range, 2...2, each: limits, "Lowest and highest choice.", .required)
            s.rule { written, check in
                guard written.range.count == 2 else { return }
                let (low, high) = (written.range[0], written.range[1])
                if !(low <= high) {
                    check.refuse(\.range, "falls", "write [\(plain(high)), \(plain(low))]")
                } else if !(low...high).contains(written.value) {
                    check.refuse(
                        \.value, "is outside its own range, \(plain(low)) to \(plain(high))",
                        "correct one of them")
                }
            }
        }
    }
}

extension Reader {
    /// Reads a number, or a number with its range; nil where it was refused.
    fileprivate mutating func adjustable(
        _ entry: Entry, _ key: KeyDescription, _ limits: ClosedRange<Double>
    ) -> Adjustable? {
        guard case .map = entry.value.content else {
            guard case .number(let value)? = scalar(entry, key) else { return nil }
            record(key, .number(value), entry)
            return Adjustable(value)
        }
        let (errors, told) = (problems.errors, settings)
        var written = Written()
        within(key.name) { Written.section(key.name, limits).read(entry, into: &written, &$0) }
        // One value in force, not two.
        settings = told
        guard problems.errors == errors else { return nil }
        let range = written.range[0]...written.range[1]
        record(key, .number(written.value), entry)
        settings[settings.count - 1].range = range
        return Adjustable(written.value, range)
    }
}
