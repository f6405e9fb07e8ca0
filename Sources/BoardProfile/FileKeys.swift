extension Section {
    /// The name of a file `<folder>/<name>.yaml` of the boards folder, read as `inner`:
    /// `grid_code: en-50549-1`. Left out, the property keeps its value.
    public mutating func include<Inner: Sendable>(
        _ name: String, _ path: Path<Root, Inner>, from folder: String, _ inner: Section<Inner>,
        _ doc: String, _ need: Need = .optional, example: String? = nil
    ) {
        included(name, folder, inner, path, need, doc, example) { $0[keyPath: path] = $1 }
    }

    /// The same for a property that may be nil.
    public mutating func include<Inner: Sendable>(
        _ name: String, _ path: Path<Root, Inner?>, from folder: String, _ inner: Section<Inner>,
        _ doc: String, _ need: Need = .optional, example: String? = nil
    ) {
        included(name, folder, inner, path, need, doc, example) { $0[keyPath: path] = $1 }
    }

    /// The path of a file, relative to the file that names it, read as `inner`:
    /// `board: ../board.yaml`. The names it defines may be referred to from here.
    public mutating func document<Inner: Sendable>(
        _ name: String, _ path: Path<Root, Inner>, _ inner: Section<Inner>,
        _ doc: String, _ need: Need = .optional, example: String? = nil
    ) {
        read(name, .file, path, need, doc, example) { entry, file, root, reader in
            if let made = reader.read(inner, at: file, from: entry, as: name) {
                root[keyPath: path] = made
            }
        }
    }

    /// The same for a property that may be nil.
    public mutating func document<Inner: Sendable>(
        _ name: String, _ path: Path<Root, Inner?>, _ inner: Section<Inner>,
        _ doc: String, _ need: Need = .optional, example: String? = nil
    ) {
        read(name, .file, path, need, doc, example) { entry, file, root, reader in
            if let made = reader.read(inner, at: file, from: entry, as: name) {
                root[keyPath: path] = made
            }
        }
    }

    /// A key naming a file of the same kind, relative to the file that names it. What that file
    /// says holds here unless this file says otherwise; lists are replaced whole.
    public mutating func extends(_ name: String = "extends", _ doc: String) {
        let description = KeyDescription(
            name: name, shape: .extends, isRequired: false, defaultValue: nil, example: nil,
            doc: doc, source: "")
        // `Reader.extend` has read the file before any other key of the section.
        let path: PartialKeyPath<Root> & Sendable = \Root.self
        add(
            Key(
                description: description, path: path, value: { _ in nil },
                read: { entry, _, reader in
                    guard let entry else { return }
                    reader.record(description, .text(entry.value.written), entry)
                }))
    }

    private mutating func included<V, Inner: Sendable>(
        _ name: String, _ folder: String, _ inner: Section<Inner>, _ path: Path<Root, V>,
        _ need: Need, _ doc: String, _ example: String?,
        set: @escaping @Sendable (inout Root, Inner) -> Void
    ) {
        read(name, .include(folder: folder, inner.description), path, need, doc, example) {
            entry, file, root, reader in
            if let made = reader.read(inner, at: file, from: entry, as: name) { set(&root, made) }
        }
    }

    /// A key that names a file; `act` gets its path inside the boards folder.
    private mutating func read<V>(
        _ name: String, _ shape: Shape, _ path: Path<Root, V>, _ need: Need, _ doc: String,
        _ example: String?,
        act: @escaping @Sendable (Entry, String, inout Root, inout Reader) -> Void
    ) {
        let description = KeyDescription(
            name: name, shape: shape, isRequired: need == .required, defaultValue: nil,
            example: example.map { .text($0) }, doc: doc, source: "")
        add(
            Key(
                description: description, path: path, value: { _ in nil },
                read: { entry, root, reader in
                    guard let entry else {
                        reader.absent(description, nil)
                        return
                    }
                    guard case .text(let file)? = reader.scalar(entry, description) else { return }
                    reader.record(description, .text(entry.value.written), entry)
                    act(entry, file, &root, &reader)
                }))
    }
}
