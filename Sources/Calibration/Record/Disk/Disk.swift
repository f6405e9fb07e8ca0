/// The steps by which files come to be on a disk, one call each, so that a test can cut the power
/// between any two of them. Paths are relative to the working folder or absolute.
protocol Disk: Sendable {
    /// The bytes of a regular file, at most `limit` + 1 of them; nil where there is none.
    func read(_ path: String, limit: Int) throws(DiskFault) -> [UInt8]?
    /// What stands in a folder, in no order; empty where there is no folder.
    func names(in folder: String) throws(DiskFault) -> [String]
    /// Makes one folder; it is no fault where there is one already.
    func makeFolder(_ path: String) throws(DiskFault)
    /// A new, empty file of mode 0644; a fault where anything has that name, a link too.
    func create(_ path: String) throws(DiskFault) -> Int32
    /// How many of `bytes` were taken: one or more.
    func write(_ bytes: ArraySlice<UInt8>, to file: Int32) throws(DiskFault) -> Int
    /// Returns once the file's bytes are on the disk.
    func sync(_ file: Int32) throws(DiskFault)
    func close(_ file: Int32)
    /// Returns once the names in a folder are on the disk.
    func sync(folder: String) throws(DiskFault)
    func rename(_ path: String, to other: String) throws(DiskFault)
    /// Removes a file; it is no fault where there is none.
    func remove(_ path: String) throws(DiskFault)
    /// Takes the lock that this file stands for; a fault with the holder where it is taken.
    func lock(_ path: String) throws(DiskFault) -> Int32
    func unlock(_ lock: Int32)
}

/// A step that failed.
struct DiskFault: Error, Equatable {
    /// What could not be done: "cannot be written".
    var what: String
    var path: String
    /// As `errno` has it.
    var code: Int32
    /// Of a lock: the process that holds it, where it can be known.
    var holder: Int32?
}

extension Disk {
    /// Puts `bytes` at `folder`/`name` so that, whenever the power fails, there is the whole of what
    /// was there before or the whole of `bytes`: a new file beside it is written and synced, takes
    /// the name by one rename, and the folder is synced. Called under the lock only.
    func replace(_ folder: String, _ name: String, _ bytes: [UInt8]) throws(DiskFault) {
        let temporary = folder + "/" + Self.temporary(name)
        try remove(temporary)
        let file = try create(temporary)
        do {
            var rest = bytes[...]
            while !rest.isEmpty { rest = rest.dropFirst(try write(rest, to: file)) }
            try sync(file)
        } catch {
            close(file)
            try? remove(temporary)
            throw error
        }
        close(file)
        do {
            try rename(temporary, to: folder + "/" + name)
        } catch {
            try? remove(temporary)
            throw error
        }
        try sync(folder: folder)
    }

    /// Makes `folders`, outermost first, each inside the one before, and sees to it that their names
    /// are on the disk. One that exists may have been made just before the power failed, so its name
    /// is synced too.
    func prepare(_ folders: [String]) throws(DiskFault) {
        for (n, folder) in folders.enumerated() {
            try makeFolder(folder)
            let above = n > 0 ? folders[n - 1] : Self.above(folder)
            do {
                try sync(folder: above)
            } catch {
                // The outermost may stand in a folder that others own.
                guard n == 0, error.isForbidden else { throw error }
            }
        }
    }

    /// Removes what interrupted writes left in a folder.
    func sweep(_ folder: String) throws(DiskFault) {
        for name in try names(in: folder).sorted() where Self.isTemporary(name) {
            try remove(folder + "/" + name)
        }
    }

    private static func temporary(_ name: String) -> String { ".\(name).new" }
    private static func isTemporary(_ name: String) -> Bool {
        name.hasPrefix(".") && name.hasSuffix(".new")
    }
    private static func above(_ path: String) -> String {
        var trimmed = Substring(path)
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }
}
