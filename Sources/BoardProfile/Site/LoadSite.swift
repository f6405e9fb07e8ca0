extension SiteProfile {
    /// Reads the board at `path`: a folder with a `board.yaml` in it, or a file.
    public static func load(_ path: String) -> Reading<SiteProfile> {
        let (folder, file) = BoardFolder.holding(path, "board.yaml")
        return read(file, in: folder)
    }

    /// The same for a file inside `folder`.
    public static func read(_ file: String, in folder: BoardFolder) -> Reading<SiteProfile> {
        let reading = section.read(file, in: folder)
        guard var site = reading.value else { return reading }
        site.name = name(of: file)
        return Reading(
            value: site, problems: reading.problems, settings: reading.settings,
            names: reading.names)
    }

    /// What a site is called: the folder of its board file, else the file.
    public static func name(of file: String) -> String {
        let parts = file.split(separator: "/")
        guard parts.count < 2 else { return String(parts[parts.count - 2]) }
        return parts.first.map { String($0.split(separator: ".")[0]) } ?? "board"
    }
}

extension GridCodeProfile {
    /// Reads the grid code at `path`, a file.
    public static func load(_ path: String) -> Reading<GridCodeProfile> {
        let (folder, file) = BoardFolder.holding(path, "board.yaml")
        return section.read(file, in: folder)
    }
}

extension BoardFolder {
    /// The boards folder that holds `path`, and the path inside it; for a folder, that of `name`
    /// inside the folder. It is the folder `boards` in the path, else the nearest one above that
    /// has `grid-codes`.
    public static func holding(
        _ path: String, _ name: String
    ) -> (folder: BoardFolder, file: String) {
        var path = path
        if FileSystem.isFolder(path) == true {
            path += path.hasSuffix("/") ? name : "/" + name
        }
        if path.split(separator: "/").dropLast().contains("boards") { return containing(path) }
        var above = FileSystem.absolute(path).split(separator: "/").map(String.init)
        var below = [above.removeLast()]
        while !above.isEmpty {
            let root = "/" + above.joined(separator: "/")
            if FileSystem.isFolder(root + "/grid-codes") == true {
                return (BoardFolder(root: root), below.joined(separator: "/"))
            }
            below.insert(above.removeLast(), at: 0)
        }
        return containing(path)
    }
}
