/// The named things of a document by kind, for references.
public struct Names: Sendable {
    private var kinds: [String: [String]] = [:]
    private var places: [String: [String: String]] = [:]

    public init() {}

    /// Names from elsewhere: `["home": ["house-1", "house-2"]]`.
    public init(_ kinds: [String: [String]]) {
        for (kind, names) in kinds { for name in names { _ = add(name, kind, at: "") } }
    }

    /// The names of one kind, in the order they were defined.
    public func all(_ kind: String) -> [String] { kinds[kind] ?? [] }

    func has(_ name: String, _ kind: String) -> Bool { places[kind]?[name] != nil }

    /// Nil, or the place of the one that has this name already.
    mutating func add(_ name: String, _ kind: String, at place: String) -> String? {
        if let taken = places[kind]?[name] { return taken }
        places[kind, default: [:]][name] = place
        kinds[kind, default: []].append(name)
        return nil
    }
}

extension Section {
    /// A name that makes the section a thing of `kinds`, for references; written or not.
    public mutating func name(
        _ name: String, _ path: Path<Root, String>, of kinds: [String], _ doc: String,
        _ need: Need = .optional, example: String? = nil
    ) {
        text(name, path, form: .name, doc, need, example: example)
        let key = keys.removeLast()
        keys.append(
            Key(
                description: key.description, path: key.path, value: key.value,
                read: { entry, root, reader in
                    let before = reader.problems.errors
                    key.read(entry, &root, &reader)
                    let given = root[keyPath: path]
                    guard reader.problems.errors == before, !given.isEmpty else { return }
                    let place = entry ?? reader.home
                    let problem = place.map { reader.problem($0, at: reader.keyPath(name), "", "") }
                    reader.define(
                        given, kinds,
                        problem
                            ?? Problem(
                                file: reader.source.file, line: 1, column: 1, key: name,
                                message: "", remedy: ""))
                }))
    }
}

extension Reader {
    /// Takes a name for each of `kinds`; one that is taken is told once.
    fileprivate mutating func define(_ name: String, _ kinds: [String], _ problem: Problem) {
        for kind in kinds {
            let before = problems.errors
            define(name, kind, problem)
            if problems.errors > before { return }
        }
    }

    /// Takes the name of one section of a list, which must be new there and among its kind.
    mutating func define(
        _ name: String, at key: String, in element: Entry, _ kind: String?,
        _ places: inout [String: Int]
    ) {
        guard case .map(let entries) = element.value.content, !name.isEmpty else { return }
        let entry = entries.first { $0.key == key } ?? element
        if let line = places[name] {
            problems.add(
                problem(
                    entry, at: keyPath(key), "is the name of another, on line \(line)",
                    "give each its own name"))
            return
        }
        places[name] = entry.line
        if let kind { define(name, kind, problem(entry, at: keyPath(key), "", "")) }
    }

    /// Takes the name of one section of a map; a map cannot hold a name twice.
    mutating func define(_ entry: Entry, _ kind: String, in map: String) {
        let at = keyPath("\(map).\(entry.key)")
        define(entry.key, kind, problem(key: entry, at: at, "", ""))
    }

    private mutating func define(_ name: String, _ kind: String, _ problem: Problem) {
        guard let taken = names.add(name, kind, at: "\(problem.file):\(problem.line)") else {
            return
        }
        var problem = problem
        problem.message = "is the name of another \(kind)" + (taken.isEmpty ? "" : ", at \(taken)")
        problem.remedy = "give each \(kind) its own name"
        problems.add(problem)
    }

    /// A key of a map must be a name.
    mutating func accepts(name entry: Entry, in map: String) -> Bool {
        let form = TextForm.name
        if entry.key.unicodeScalars.count <= form.limit, form.accepts(entry.key) { return true }
        problems.add(
            problem(
                key: entry, at: keyPath(map), "has a key that is not \(form.words)",
                "use at most \(form.limit) of these"))
        return false
    }

    /// Once everything is read: references to what does not exist.
    mutating func checkReferences() {
        for reference in references where !names.has(reference.name, reference.kind) {
            var problem = reference.problem
            let known = names.all(reference.kind)
            problem.message = "is not the name of a \(reference.kind)"
            if let near = nearest(reference.name, in: known) {
                problem.remedy = "write \(near)"
            } else if known.isEmpty {
                problem.remedy = "define a \(reference.kind) of that name first"
            } else {
                problem.remedy = "write \(oneOf(known))"
            }
            problems.add(problem)
        }
    }
}
