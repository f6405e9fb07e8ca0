#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The few questions this room asks of a disk, by the kernel's calls.
package enum FileSystem {
    /// The errno of a call that failed.
    package struct Fault: Error { package var code: Int32 }

    /// What is at `path`, links followed; nil: nothing, or nothing we may see.
    static func isFolder(_ path: String) -> Bool? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// From the root, `.` and `..` worked out by their words alone.
    static func absolute(_ path: String) -> String {
        var parts: [Substring] = []
        for part in anchored(path).split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// The place itself, every link followed as far as the path exists (realpath); the rest of it by
    /// its words.
    static func followed(_ path: String) -> String {
        var there = anchored(path).split(separator: "/")
        var rest: [Substring] = []
        while true {
            if let real = realpath("/" + there.joined(separator: "/"), nil) {
                defer { free(real) }
                return absolute(
                    ([String(cString: real)] + rest.map(String.init)).joined(separator: "/"))
            }
            guard let last = there.popLast() else { return absolute(path) }
            rest.insert(last, at: 0)
        }
    }

    private static func anchored(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let here = getcwd(nil, 0) else { return "/" + path }
        defer { free(here) }
        return String(cString: here) + "/" + path
    }

    /// The first bytes of a file, links followed.
    ///
    /// - Parameter most: bytes.
    package static func read(_ path: String, most: Int) throws(Fault) -> [UInt8] {
        let file = try call { open(path, O_RDONLY | O_CLOEXEC) }
        defer { _ = close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(65_536, most))
        while bytes.count < most {
            let wanted = min(chunk.count, most - bytes.count)
            #if canImport(Glibc)
                let count = try call { Glibc.read(file, &chunk, wanted) }
            #else
                let count = try call { Musl.read(file, &chunk, wanted) }
            #endif
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    /// The names in a folder, sorted; none where it cannot be listed.
    static func names(in folder: String) -> [String] {
        guard let open = opendir(folder) else { return [] }
        defer { closedir(open) }
        var names: [String] = []
        while let entry = readdir(open) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Interrupted calls are made again.
    private static func call<Number: SignedInteger>(
        _ body: () -> Number
    ) throws(Fault) -> Number {
        while true {
            let answer = body()
            if answer >= 0 { return answer }
            let code = errno
            if code != EINTR { throw Fault(code: code) }
        }
    }
}
