extension Section {
    /// A section below this one; left out, its keys have their defaults.
    public mutating func section<Inner: Sendable>(
        _ name: String, _ path: Path<Root, Inner>, _ inner: Section<Inner>, _ doc: String = ""
    ) {
        // What must stand inside makes the section itself needed; its keys are then told missing.
        let need: Need =
            inner.description.keys.contains(where: \.isRequired) ? .required : .optional
        nested(name, .section(inner.description), path, need, doc) { entry, root, reader in
            reader.within(name) { inner.read(entry, into: &root[keyPath: path], &$0) }
        }
    }

    /// A section that may be left out altogether; the property is then nil.
    public mutating func section<Inner: Sendable>(
        _ name: String, _ path: Path<Root, Inner?>, _ inner: Section<Inner>,
        _ doc: String = "", _ need: Need = .optional
    ) {
        let description = description(name, .section(inner.description), need, doc)
        nested(name, .section(inner.description), path, need, doc) { entry, root, reader in
            if entry == nil, root[keyPath: path] == nil {
                reader.absent(description, nil, need)
                return
            }
            var settings = root[keyPath: path] ?? inner.empty
            reader.within(name) { inner.read(entry, into: &settings, &$0) }
            root[keyPath: path] = settings
        }
    }

    /// A list of sections.
    public mutating func list<Inner: Sendable>(
        _ name: String, _ path: Path<Root, [Inner]>, _ count: ClosedRange<Int>,
        _ inner: Section<Inner>, _ doc: String, _ need: Need = .optional
    ) {
        elements(name, path, count, inner, nil, nil, doc, need)
    }

    /// A list of sections with unique names; `kind` lets references find them.
    public mutating func list<Inner: Sendable>(
        _ name: String, _ path: Path<Root, [Inner]>, _ count: ClosedRange<Int>,
        _ inner: Section<Inner>, named: Path<Inner, String>, kind: String? = nil, _ doc: String,
        _ need: Need = .optional
    ) {
        elements(name, path, count, inner, named, kind, doc, need)
    }

    private mutating func elements<Inner: Sendable>(
        _ name: String, _ path: Path<Root, [Inner]>, _ count: ClosedRange<Int>,
        _ inner: Section<Inner>, _ named: Path<Inner, String>?, _ kind: String?, _ doc: String,
        _ need: Need
    ) {
        let nameKey = named.flatMap { named in inner.keys.first { $0.path == named } }
        precondition(named == nil || nameKey != nil, "\(name): no key is bound to the name")
        let description = description(name, .list(inner.description, count), need, doc)
        nested(name, description.shape, path, need, doc) { entry, root, reader in
            guard let entry else {
                reader.absent(list: description, count: root[keyPath: path].count)
                return
            }
            guard let items = reader.items(entry, count) else { return }
            var made: [Inner] = []
            var places: [String: Int] = [:]
            for (n, item) in items.enumerated() {
                let element = Entry(key: "", line: item.line, column: item.column, value: item)
                let step = "\(name)[\(n)]"
                let before = reader.problems.errors
                var settings = inner.empty
                reader.within(step) { inner.read(element, into: &settings, &$0) }
                made.append(settings)
                guard let named, let nameKey, reader.problems.errors == before else { continue }
                reader.within(step) {
                    $0.define(
                        settings[keyPath: named], at: nameKey.description.name, in: element,
                        kind, &places)
                }
            }
            root[keyPath: path] = made
        }
    }

    /// Named sections, `name: section`; the property gets them in file order, each with its name.
    public mutating func map<Inner: Sendable>(
        _ name: String, _ path: Path<Root, [Inner]>, _ count: ClosedRange<Int>,
        _ inner: Section<Inner>, named: Path<Inner, String>, kind: String? = nil,
        _ doc: String, _ need: Need = .optional
    ) {
        let description = description(name, .map(inner.description, count), need, doc)
        nested(name, description.shape, path, need, doc) { entry, root, reader in
            guard let entry else {
                reader.absent(list: description, count: root[keyPath: path].count)
                return
            }
            guard let entries = reader.entries(entry, count) else { return }
            var made: [Inner] = []
            for element in entries {
                guard reader.accepts(name: element, in: name) else { continue }
                var settings = inner.empty
                settings[keyPath: named] = element.key
                reader.within("\(name).\(element.key)") {
                    inner.read(element, into: &settings, &$0)
                }
                made.append(settings)
                if let kind { reader.define(element, kind, in: name) }
            }
            root[keyPath: path] = made
        }
    }

    private func description(
        _ name: String, _ shape: Shape, _ need: Need, _ doc: String
    ) -> KeyDescription {
        var inner: SectionDescription?
        if case .section(let found) = shape { inner = found }
        return KeyDescription(
            name: name, shape: shape, isRequired: need == .required, defaultValue: nil,
            example: nil, doc: doc.isEmpty ? inner?.doc ?? "" : doc, source: "")
    }

    private mutating func nested<V>(
        _ name: String, _ shape: Shape, _ path: Path<Root, V>, _ need: Need, _ doc: String,
        read: @escaping @Sendable (Entry?, inout Root, inout Reader) -> Void
    ) {
        add(
            Key(
                description: description(name, shape, need, doc), path: path, value: { _ in nil },
                read: read))
    }
}
