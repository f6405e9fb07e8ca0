extension Section {
    /// A finite number in `range`, in the unit the name ends in. A `Quantity` or `Duration` is
    /// scaled from that unit, which must be of its dimension (otherwise our bug).
    public mutating func number<N: NumberValue>(
        _ name: String, _ path: Path<Root, N>, _ range: ClosedRange<Double>,
        _ doc: String, _ need: Need = .optional, source: String = "", example: Double? = nil
    ) {
        let factor = Self.factor(name, N.self)
        scalar(
            name, .number(range), path, need, doc, source, example.map { .number($0) },
            get: { $0.number.map { .number(scaled($0, by: 1, over: factor)) } },
            set: { value in
                guard case .number(let number) = value else { return nil }
                return N(number: scaled(number, by: factor, over: 1))
            })
    }

    /// A number whose name must end in a unit of time: `_s`, `_ms`, `_us`, `_min`, `_h`, `_days`.
    public mutating func duration<N: NumberValue>(
        _ name: String, _ path: Path<Root, N>, _ range: ClosedRange<Double>,
        _ doc: String, _ need: Need = .optional, source: String = "", example: Double? = nil
    ) {
        precondition(UnitSuffix(of: name)?.dimension == .time, "\(name) ends in no unit of time")
        number(name, path, range, doc, need, source: source, example: example)
    }

    /// A whole number.
    public mutating func integer<N: IntegerValue>(
        _ name: String, _ path: Path<Root, N>, _ range: ClosedRange<Int>,
        _ doc: String, _ need: Need = .optional, source: String = "", example: Int? = nil
    ) {
        whole(name, .integer(range), path, range, need, doc, source, example)
    }

    /// A whole number that must be written with 0x, as data sheets write addresses: a bare 40
    /// may be meant either way.
    public mutating func hexadecimal<N: IntegerValue>(
        _ name: String, _ path: Path<Root, N>, _ range: ClosedRange<Int>,
        _ doc: String, _ need: Need = .optional, source: String = "", example: Int? = nil
    ) {
        whole(name, .hexadecimal(range), path, range, need, doc, source, example)
    }

    private mutating func whole<N: IntegerValue>(
        _ name: String, _ shape: Shape, _ path: Path<Root, N>, _ range: ClosedRange<Int>,
        _ need: Need, _ doc: String, _ source: String, _ example: Int?
    ) {
        precondition(
            N.span.contains(range.lowerBound) && N.span.contains(range.upperBound),
            "\(name) has a range beyond its type")
        scalar(
            name, shape, path, need, doc, source, example.map { .integer($0) },
            get: { $0.integer.map { .integer($0) } },
            set: { value in
                guard case .integer(let number) = value else { return nil }
                return N(integer: number)
            })
    }

    /// `true` or `false`, and nothing else.
    public mutating func flag<F: FlagValue>(
        _ name: String, _ path: Path<Root, F>, _ doc: String, _ need: Need = .optional,
        source: String = ""
    ) {
        scalar(
            name, .flag, path, need, doc, source, nil, get: { $0.flag.map { .flag($0) } },
            set: { value in
                guard case .flag(let flag) = value else { return nil }
                return F(flag: flag)
            })
    }

    /// One line of text.
    public mutating func text<T: TextValue>(
        _ name: String, _ path: Path<Root, T>, form: TextForm = .line,
        _ doc: String, _ need: Need = .optional, source: String = "", example: String? = nil
    ) {
        words(name, .text(form), path, need, doc, source, example)
    }

    /// The name of a thing of `kind`, which a list or map of the document defines.
    public mutating func reference<T: TextValue>(
        _ name: String, _ path: Path<Root, T>, to kind: String, _ doc: String,
        _ need: Need = .optional, source: String = "", example: String? = nil
    ) {
        words(name, .reference(kind: kind), path, need, doc, source, example)
    }

    /// A file, written relative to the file that names it; the property gets its path inside the
    /// boards folder. It must exist there.
    public mutating func file<T: TextValue>(
        _ name: String, _ path: Path<Root, T>, _ doc: String, _ need: Need = .optional,
        source: String = "", example: String? = nil
    ) {
        words(name, .file, path, need, doc, source, example)
    }

    private mutating func words<T: TextValue>(
        _ name: String, _ shape: Shape, _ path: Path<Root, T>, _ need: Need, _ doc: String,
        _ source: String, _ example: String?
    ) {
        scalar(
            name, shape, path, need, doc, source, example.map { .text($0) },
            get: { $0.text.map { .text($0) } },
            set: { value in
                guard case .text(let text) = value else { return nil }
                return T(text: text)
            })
    }

    /// One of an enumeration's words.
    public mutating func choice<C: ChoiceValue>(
        _ name: String, _ path: Path<Root, C>, _ doc: String, _ need: Need = .optional,
        source: String = ""
    ) {
        scalar(
            name, .choice(C.words), path, need, doc, source, nil,
            get: { $0.word.map { .text($0) } },
            set: { value in
                guard case .text(let word) = value else { return nil }
                return C(word: word)
            })
    }

    /// The key's unit in the type's: 0.001 for `_ms` bound to `Seconds`, 1 for plain numbers.
    static func factor<N: NumberValue>(_ name: String, _ type: N.Type) -> Double {
        guard let dimension = N.dimension else { return 1 }
        let unit = UnitSuffix(of: name)
        precondition(
            unit?.dimension == dimension, "\(name) does not end in a unit of \(dimension)")
        return unit!.factor
    }

    /// Adds a key that holds one scalar, or a list of scalars.
    mutating func scalar<V>(
        _ name: String, _ shape: Shape, _ path: Path<Root, V>, _ need: Need, _ doc: String,
        _ source: String, _ example: Value?, get: @escaping @Sendable (V) -> Value?,
        set: @escaping @Sendable (Value) -> V?
    ) {
        let description = KeyDescription(
            name: name, shape: shape, isRequired: need == .required,
            defaultValue: need == .optional ? get(empty[keyPath: path]) : nil, example: example,
            doc: doc, source: source)
        add(
            Key(
                description: description, path: path, value: { get($0[keyPath: path]) },
                read: { entry, root, reader in
                    guard let entry else {
                        reader.absent(description, get(root[keyPath: path]), need)
                        return
                    }
                    guard let value = reader.scalar(entry, description), let made = set(value)
                    else { return }
                    root[keyPath: path] = made
                    reader.record(description, value, entry)
                }))
    }
}
