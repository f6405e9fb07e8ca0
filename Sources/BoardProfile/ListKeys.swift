extension Section {
    /// A list of numbers, each in `each` and in the unit the name ends in.
    public mutating func numbers<N: NumberValue>(
        _ name: String, _ path: Path<Root, [N]>, _ count: ClosedRange<Int>,
        each: ClosedRange<Double>, _ doc: String, _ need: Need = .optional, source: String = "",
        example: [Double]? = nil
    ) {
        let factor = Self.factor(name, N.self)
        several(
            name, .number(each), path, count, need, doc, source,
            example.map { .list($0.map { .number($0) }) },
            get: { $0.number.map { .number(scaled($0, by: 1, over: factor)) } },
            set: { value in
                guard case .number(let number) = value else { return nil }
                return N(number: scaled(number, by: factor, over: 1))
            })
    }

    /// A list of whole numbers.
    public mutating func integers<N: IntegerValue>(
        _ name: String, _ path: Path<Root, [N]>, _ count: ClosedRange<Int>,
        each: ClosedRange<Int>, _ doc: String, _ need: Need = .optional, source: String = "",
        example: [Int]? = nil
    ) {
        several(
            name, .integer(each), path, count, need, doc, source,
            example.map { .list($0.map { .integer($0) }) },
            get: { $0.integer.map { .integer($0) } },
            set: { value in
                guard case .integer(let number) = value else { return nil }
                return N(integer: number)
            })
    }

    /// A list of texts.
    public mutating func texts(
        _ name: String, _ path: Path<Root, [String]>, _ count: ClosedRange<Int>,
        each: TextForm = .line, _ doc: String, _ need: Need = .optional, source: String = "",
        example: [String]? = nil
    ) {
        words(name, .text(each), path, count, need, doc, source, example)
    }

    /// A list of names of things of `kind`.
    public mutating func references(
        _ name: String, _ path: Path<Root, [String]>, to kind: String, _ count: ClosedRange<Int>,
        _ doc: String, _ need: Need = .optional, source: String = "", example: [String]? = nil
    ) {
        words(name, .reference(kind: kind), path, count, need, doc, source, example)
    }

    private mutating func words(
        _ name: String, _ shape: Shape, _ path: Path<Root, [String]>, _ count: ClosedRange<Int>,
        _ need: Need, _ doc: String, _ source: String, _ example: [String]?
    ) {
        several(
            name, shape, path, count, need, doc, source,
            example.map { .list($0.map { .text($0) }) }, get: { .text($0) },
            set: { value in
                guard case .text(let text) = value else { return nil }
                return text
            })
    }

    /// A list of an enumeration's words.
    public mutating func choices<C: ChoiceValue>(
        _ name: String, _ path: Path<Root, [C]>, _ count: ClosedRange<Int>,
        _ doc: String, _ need: Need = .optional, source: String = ""
    ) {
        several(
            name, .choice(C.words), path, count, need, doc, source, nil,
            get: { $0.word.map { .text($0) } },
            set: { value in
                guard case .text(let word) = value else { return nil }
                return C(word: word)
            })
    }

    private mutating func several<E>(
        _ name: String, _ shape: Shape, _ path: Path<Root, [E]>, _ count: ClosedRange<Int>,
        _ need: Need, _ doc: String, _ source: String, _ example: Value?,
        get: @escaping @Sendable (E) -> Value?, set: @escaping @Sendable (Value) -> E?
    ) {
        scalar(
            name, .several(count, of: shape), path, need, doc, source, example,
            get: { .list($0.compactMap(get)) },
            set: { value in
                guard case .list(let items) = value else { return nil }
                let made = items.compactMap(set)
                return made.count == items.count ? made : nil
            })
    }
}
