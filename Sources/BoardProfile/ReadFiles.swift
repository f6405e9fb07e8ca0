extension Reader {
    /// The path inside the folder of the file that `entry` names; nil where there is none.
    mutating func path(
        of text: String, _ shape: Shape, _ entry: Entry, _ at: String
    ) -> String? {
        if case .include(let folder, _) = shape {
            let path = folder.isEmpty ? "\(text).yaml" : "\(folder)/\(text).yaml"
            if self.folder.exists(path) { return path }
            let bare = text.hasSuffix(".yaml") ? String(text.dropLast(5)) : text
            let known = self.folder.list(folder).filter { $0.hasSuffix(".yaml") }
                .map { String($0.dropLast(5)) }
            let remedy =
                nearest(bare, in: known).map { "write \($0)" }
                ?? (known.isEmpty
                    ? "add the file \(self.folder.name(path))" : "write \(oneOf(known))")
            problems.add(
                problem(entry, at: at, "names no file \(self.folder.name(path))", remedy))
            return nil
        }
        guard let path = BoardFolder.resolve(text, from: file) else {
            problems.add(
                problem(
                    entry, at: at, "leads out of the boards folder",
                    "write a path relative to this file, with /, inside the boards folder"))
            return nil
        }
        if folder.exists(path) { return path }
        let above = path.split(separator: "/").dropLast().joined(separator: "/")
        let name = String(path.split(separator: "/").last ?? "")
        let near = nearest(name, in: folder.list(above))
        let remedy =
            near.map { "there is \(folder.name(above.isEmpty ? $0 : above + "/" + $0))" }
            ?? "write the path relative to this file"
        problems.add(problem(entry, at: at, "names no file \(folder.name(path))", remedy))
        return nil
    }

    /// Reads another file as `section`; nil where its text could not be read at all.
    mutating func read<Root>(
        _ section: Section<Root>, at path: String, from entry: Entry, as key: String
    ) -> Root? {
        var settings = section.empty
        let done = into(path, section.description, entry, keyPath(key)) { reader, root in
            reader.prefix += reader.path.isEmpty ? "\(key)." : "\(reader.path).\(key)."
            (reader.path, reader.home) = ("", nil)
            (reader.inherited, reader.inheritedOrder) = ([:], [])
            reader.isInheritanceLost = false
            let top = reader.folder.overlay.applied(
                to: root, section.description, prefix: String(reader.prefix.dropLast()),
                of: reader.source, &reader.problems)
            section.read(top, into: &settings, &reader)
        }
        return done ? settings : nil
    }

    /// Where `section` has an `extends` key and the file gives it: reads that file first.
    mutating func extend<Root>(
        _ section: Section<Root>, _ slots: [Entry?], _ root: inout Root
    ) {
        for (key, entry) in zip(section.keys, slots) {
            guard case .extends = key.description.shape, let entry else { continue }
            guard path.isEmpty else {
                problems.add(
                    problem(
                        key: entry, at: keyPath(key.description.name), "stands inside a section",
                        "move it to the top of the file"))
                return
            }
            guard case .text(let text)? = scalar(entry, key.description),
                let file = path(of: text, .file, entry, key.description.name)
            else {
                isInheritanceLost = true
                return
            }
            let start = settings.count
            var base = root
            let done = into(file, section.description, entry, key.description.name) {
                reader, top in
                reader.home = nil
                section.read(top, into: &base, &reader)
            }
            if done { root = base } else { isInheritanceLost = true }
            inheritedOrder = Array(settings[start...])
            settings.removeSubrange(start...)
            inherited = Dictionary(
                inheritedOrder.map { ($0.key, $0) }, uniquingKeysWith: { a, _ in a })
        }
    }

    /// Opens `path` and reads it with `body`; everything but what was found is put back after.
    private mutating func into(
        _ path: String, _ description: SectionDescription, _ entry: Entry, _ at: String,
        _ body: (inout Reader, Entry?) -> Void
    ) -> Bool {
        if chain.contains(path) {
            let round = (chain.drop { $0 != path } + [path]).joined(separator: " → ")
            problems.add(
                problem(entry, at: at, "names files in a circle: \(round)", "break the circle"))
            return false
        }
        guard chain.count < Self.chainLimit else {
            problems.add(
                problem(
                    entry, at: at, "is the end of a chain of \(chain.count) files",
                    "let files name files at most \(Self.chainLimit) deep"))
            return false
        }
        let outer = self
        guard let document = Document.load(path, in: folder, &problems) else { return false }
        (source, file, top) = (document.source, path, description)
        chain.append(path)
        body(&self, document.top)
        (source, file, top) = (outer.source, outer.file, outer.top)
        (self.path, prefix, home, chain) = (outer.path, outer.prefix, outer.home, outer.chain)
        (inherited, inheritedOrder) = (outer.inherited, outer.inheritedOrder)
        isInheritanceLost = outer.isInheritanceLost
        return true
    }
}

extension BoardFolder {
    /// The text of the file at `path` inside the folder; nil, with the reasons in `problems`, where
    /// it cannot be read.
    public func text(_ path: String, problems: inout Problems) -> SourceText? {
        let name = name(path)
        func refuse(_ message: String, _ remedy: String) {
            problems.add(
                Problem(
                    file: name, line: 0, column: 0, message: message, remedy: remedy))
        }
        switch read(path) {
        case .file(let bytes): return SourceText(bytes, file: name, problems: &problems)
        case .missing: refuse("does not exist", "check the path")
        case .outside: refuse("lies outside the boards folder", "copy it into the boards folder")
        case .unreadable(let why): refuse(why, "check the path and its permissions")
        }
        return nil
    }
}

extension Document {
    /// The file at `path` inside `folder`; nil, with the reason, where it cannot be read.
    static func load(
        _ path: String, in folder: BoardFolder, _ problems: inout Problems
    ) -> Document? {
        guard let source = folder.text(path, problems: &problems) else { return nil }
        return Document(source, problems: &problems)
    }

    /// The document as an entry without a key; nil for one without content.
    var top: Entry? {
        guard let root, !root.isNull else { return nil }
        return Entry(key: "", line: root.line, column: root.column, value: root)
    }
}
