/// What came of reading a file: settings, or the reasons why not.
public struct Reading<Root: Sendable>: Sendable {
    /// The settings; nil where there was any error.
    public let value: Root?
    /// All that was found, file by file in line order; warnings do not stop `value`.
    public let problems: [Problem]
    /// Every value in force with its origin, in the order of the description.
    public let settings: [Setting]
    /// The named things the document defines.
    public let names: Names

    public init(value: Root?, problems: [Problem], settings: [Setting], names: Names) {
        (self.value, self.problems) = (value, problems)
        (self.settings, self.names) = (settings, names)
    }

    public var errors: [Problem] { problems.filter { $0.severity == .error } }

    /// The settings, or a throw of all that is wrong.
    public func get() throws(ProfileError) -> Root {
        guard let value else { throw ProfileError(problems: problems) }
        return value
    }
}

/// A file that cannot be used, with everything that is wrong with it.
public struct ProfileError: Error, CustomStringConvertible, Sendable {
    public let problems: [Problem]
    /// One line per problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension Section {
    /// Reads the file at `path` inside `folder`, and the files it names. `names` may be referred
    /// to besides those the document defines.
    public func read(
        _ path: String, in folder: BoardFolder, names: Names = Names()
    ) -> Reading<Root> {
        var problems = Problems()
        guard let document = Document.load(path, in: folder, &problems) else {
            return Reading(value: nil, problems: problems.list, settings: [], names: names)
        }
        var reader = Reader(
            folder: folder, problems: problems, names: names, source: document.source,
            file: path, top: description, chain: [path])
        var settings = empty
        let top = folder.overlay.applied(
            to: document.top, description, prefix: "", of: document.source, &reader.problems)
        read(top, into: &settings, &reader)
        reader.checkReferences()
        return Reading(
            value: reader.problems.errors == 0 ? settings : nil, problems: reader.problems.list,
            settings: reader.settings, names: reader.names)
    }

    /// Reads `text` as a file that names no others.
    public func read(text: String, file: String = "text.yaml") -> Reading<Root> {
        read(file, in: BoardFolder(memory: [file: text]))
    }
}
