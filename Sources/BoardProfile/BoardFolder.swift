/// The folder all files of a configuration live in (`boards/`); nothing outside it is read.
public struct BoardFolder: Sendable {
    private enum Storage: Sendable {
        /// The folder itself, links followed.
        case disk(String)
        case memory([String: [UInt8]])
    }
    private let storage: Storage
    /// What stands before a path when a file is named to people.
    private let prefix: String
    /// Takes note of every file that is read.
    private var noting: ReadTexts?
    /// What stands over the values of its files.
    private(set) var overlay = Overlay()

    /// The same folder, its files read as if `overlay` were written in them.
    public func overlaying(_ overlay: Overlay) -> BoardFolder {
        var folder = self
        folder.overlay = overlay
        return folder
    }

    /// The same folder; what is read of it is noted in `texts`.
    public func noting(_ texts: ReadTexts) -> BoardFolder {
        var folder = self
        folder.noting = texts
        return folder
    }

    /// A folder on disk.
    public init(root: String) {
        storage = .disk(FileSystem.followed(root))
        prefix = root == "." || root.isEmpty ? "" : root.hasSuffix("/") ? root : root + "/"
    }

    /// Files by their path, for tests and for what is compiled in.
    public init(memory files: [String: String]) {
        storage = .memory(files.mapValues { Array($0.utf8) })
        prefix = ""
    }

    /// The folder `boards` that holds `path`, else the folder of `path` itself, and the path
    /// inside it. `skerry check boards/pi-ac/board.yaml` so finds `boards/grid-codes`.
    public static func containing(_ path: String) -> (folder: BoardFolder, file: String) {
        var above = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let name = above.removeLast()
        var below = [name]
        for n in above.indices.reversed() where above[n] == "boards" {
            below = Array(above[(n + 1)...]) + below
            above = Array(above[...n])
            return (BoardFolder(root: above.joined(separator: "/")), below.joined(separator: "/"))
        }
        let root = above.joined(separator: "/")
        return (
            BoardFolder(
                root: path.hasPrefix("/") && root.isEmpty ? "/" : root.isEmpty ? "." : root), name
        )
    }

    /// How a file is named to people.
    func name(_ path: String) -> String { prefix + path }

    /// `path`, written in the file `from`, relative to the root; nil where it leaves the folder.
    public static func resolve(_ path: String, from: String) -> String? {
        if path.hasPrefix("/") || path.hasPrefix("~") || path.contains("\\") { return nil }
        var parts = from.split(separator: "/").dropLast().map(String.init)
        for part in path.split(separator: "/") where part != "." {
            if part == ".." {
                if parts.isEmpty { return nil }
                parts.removeLast()
            } else {
                parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }

    enum Found { case file([UInt8]), missing, outside, unreadable(String) }

    /// At most one byte more than a source may hold, so that a large file is refused, not loaded.
    func read(_ path: String) -> Found {
        let found = look(path)
        if case .file(let bytes) = found { noting?.note(path, bytes) }
        return found
    }
    private func look(_ path: String) -> Found {
        switch storage {
        case .memory(let files): return files[path].map { .file($0) } ?? .missing
        case .disk:
            guard let place = inside(path) else { return .outside }
            switch FileSystem.isFolder(place) {
            case nil: return .missing
            case true?: return .unreadable("is a folder")
            case false?: break
            }
            do {
                return .file(try FileSystem.read(place, most: SourceText.limit_B + 1))
            } catch {
                return .unreadable("may not be read")
            }
        }
    }

    /// The file itself, links followed; nil where it lies outside the folder.
    private func inside(_ path: String) -> String? {
        guard case .disk(let root) = storage else { return nil }
        let place = FileSystem.followed(root + "/" + path)
        // By bytes: to a disk two spellings of one letter are two names.
        let base = root == "/" ? root : root + "/"
        return place.utf8.starts(with: base.utf8) ? place : nil
    }

    /// There is a file at `path`.
    public func exists(_ path: String) -> Bool {
        switch storage {
        case .memory(let files): return files[path] != nil
        case .disk:
            return inside(path).flatMap(FileSystem.isFolder) == false
        }
    }

    /// The names of the files directly in `folder`, sorted.
    func list(_ folder: String) -> [String] {
        switch storage {
        case .memory(let files):
            let start = folder.isEmpty ? "" : folder + "/"
            return files.keys.filter { $0.hasPrefix(start) }.map {
                String($0.dropFirst(start.count))
            }
            .filter { !$0.contains("/") }.sorted()
        case .disk(let root):
            return FileSystem.names(in: folder.isEmpty ? root : root + "/" + folder)
        }
    }
}
