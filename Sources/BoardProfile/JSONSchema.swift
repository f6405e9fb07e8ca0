extension SectionDescription {
    /// The JSON Schema (draft 2020-12) of a file whose top is this section, for editors.
    public func jsonSchema(id: String? = nil) -> JSON {
        var head: [(String, JSON)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema"))
        ]
        if let id { head.append(("$id", .text(id))) }
        // A file may inherit what it must have, so where it can, nothing is required of it.
        return .object(head + fields(inherits: isContinuable))
    }

    private var isContinuable: Bool {
        keys.contains { if case .extends = $0.shape { true } else { false } }
    }

    fileprivate func fields(inherits: Bool) -> [(String, JSON)] {
        var fields: [(String, JSON)] = [("title", .text(title))]
        if !doc.isEmpty { fields.append(("description", .text(doc))) }
        fields.append(("type", .text("object")))
        fields.append(("additionalProperties", .flag(false)))
        let required = inherits ? [] : keys.filter(\.isRequired).map { JSON.text($0.name) }
        if !required.isEmpty { fields.append(("required", .list(required))) }
        fields.append(
            ("properties", .object(keys.map { ($0.name, $0.jsonSchema(inherits: inherits)) })))
        let groups = alternatives.map { group in
            JSON.list(group.map { .object([("required", .list([.text($0)]))]) })
        }
        if groups.count == 1 { fields.append(("oneOf", groups[0])) }
        if groups.count > 1 {
            fields.append(("allOf", .list(groups.map { .object([("oneOf", $0)]) })))
        }
        return fields
    }
}

extension KeyDescription {
    /// The schema of this key's value.
    fileprivate func jsonSchema(inherits: Bool) -> JSON {
        var words = doc
        if let unit { words += (words.isEmpty ? "" : " ") + "Unit: \(unit.symbol)." }
        if !source.isEmpty { words += (words.isEmpty ? "" : " ") + "Source: \(source)." }
        var fields = shape.fields(inherits: inherits)
        // The key's own words come before those of the section that stands at it.
        fields.removeAll { $0.0 == "description" && !words.isEmpty }
        if !words.isEmpty { fields.insert(("description", .text(words)), at: 0) }
        if !fields.contains(where: { $0.0 == "title" }) {
            fields.insert(("title", .text(name)), at: 0)
        }
        if let defaultValue { fields.append(("default", defaultValue.json)) }
        if let example { fields.append(("examples", .list([example.json]))) }
        return .object(fields)
    }
}

extension Shape {
    /// Lists and maps are inherited whole, so their sections always have what they must.
    fileprivate func fields(inherits: Bool) -> [(String, JSON)] {
        switch self {
        case .number(let range):
            [
                ("type", .text("number")), ("minimum", .number(range.lowerBound)),
                ("maximum", .number(range.upperBound)),
            ]
        case .adjustable(let range):
            [
                (
                    "anyOf",
                    .list([
                        .object(Shape.number(range).fields(inherits: false)),
                        .object([
                            ("type", .text("object")), ("additionalProperties", .flag(false)),
                            ("required", .list([.text("default"), .text("range")])),
                            (
                                "properties",
                                .object([
                                    (
                                        "default",
                                        .object(Shape.number(range).fields(inherits: false))
                                    ),
                                    (
                                        "range",
                                        .object(
                                            Shape.several(2...2, of: .number(range))
                                                .fields(inherits: false))
                                    ),
                                ])
                            ),
                        ]),
                    ])
                )
            ]
        case .integer(let range), .hexadecimal(let range):
            [
                ("type", .text("integer")), ("minimum", .number(Double(range.lowerBound))),
                ("maximum", .number(Double(range.upperBound))),
            ]
        case .flag: [("type", .text("boolean"))]
        case .text(let form): text(form)
        case .choice(let words): [("enum", .list(words.map { .text($0) }))]
        case .reference, .include: text(.name)
        case .file, .extends: text(.line)
        case .several(let count, let each):
            [("type", .text("array"))] + length(count, "Items")
                + [("items", .object(each.fields(inherits: false)))]
        case .section(let inner): inner.fields(inherits: inherits)
        case .list(let inner, let count):
            [("type", .text("array"))] + length(count, "Items")
                + [("items", .object(inner.fields(inherits: false)))]
        case .map(let inner, let count):
            [("type", .text("object"))] + length(count, "Properties")
                + [
                    ("propertyNames", .object(Array(text(.name).dropFirst()))),
                    ("additionalProperties", .object(inner.fields(inherits: false))),
                ]
        }
    }

    private func text(_ form: TextForm) -> [(String, JSON)] {
        var fields: [(String, JSON)] = [
            ("type", .text("string")), ("minLength", .number(1)),
            ("maxLength", .number(Double(form.limit))),
        ]
        if !form.pattern.isEmpty { fields.append(("pattern", .text("^(?:\(form.pattern))$"))) }
        return fields
    }

    private func length(_ count: ClosedRange<Int>, _ what: String) -> [(String, JSON)] {
        [
            ("min" + what, .number(Double(count.lowerBound))),
            ("max" + what, .number(Double(count.upperBound))),
        ]
    }
}
