import Glibc

/// The disk itself, by the kernel's calls.
struct KernelDisk: Disk {
    /// The value of `body` once it is not -1; interrupted calls are made again.
    private static func call(
        _ what: String, _ path: String, _ body: () -> Int
    ) throws(DiskFault) -> Int {
        while true {
            let answer = body()
            if answer >= 0 { return answer }
            let code = errno
            if code != EINTR { throw DiskFault(what: what, path: path, code: code) }
        }
    }

    func read(_ path: String, limit: Int) throws(DiskFault) -> [UInt8]? {
        // Not to wait for a pipe, nor to be led elsewhere by a link.
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let file: Int32
        do {
            file = Int32(try Self.call("cannot be read", path) { Int(open(path, flags)) })
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        defer { _ = Glibc.close(file) }
        var status = stat()
        _ = try Self.call("cannot be read", path) { Int(fstat(file, &status)) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DiskFault(what: "is not a plain file", path: path, code: EINVAL)
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let most = min(chunk.count, limit + 1 - bytes.count)
            let count = try Self.call("cannot be read", path) { Glibc.read(file, &chunk, most) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    func names(in folder: String) throws(DiskFault) -> [String] {
        guard let open = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw DiskFault(what: "cannot be listed", path: folder, code: errno)
        }
        defer { closedir(open) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(open) else { break }
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        if errno != 0 { throw DiskFault(what: "cannot be listed", path: folder, code: errno) }
        return names
    }

    func makeFolder(_ path: String) throws(DiskFault) {
        do {
            _ = try Self.call("cannot be made", path) { Int(mkdir(path, 0o755)) }
        } catch {
            var status = stat()
            guard error.code == EEXIST, stat(path, &status) == 0,
                status.st_mode & S_IFMT == S_IFDIR
            else { throw error }
        }
    }

    func create(_ path: String) throws(DiskFault) -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = Int32(try Self.call("cannot be made", path) { Int(open(path, flags, 0o644)) })
        // Whatever the umask says: the controller runs as another user than the installer.
        do {
            _ = try Self.call("cannot be made", path) { Int(fchmod(file, 0o644)) }
        } catch {
            close(file)
            try? remove(path)
            throw error
        }
        return file
    }

    func write(_ bytes: ArraySlice<UInt8>, to file: Int32) throws(DiskFault) -> Int {
        let count = try Self.call("cannot be written", "") {
            bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        }
        if count == 0, !bytes.isEmpty {
            throw DiskFault(what: "cannot be written", path: "", code: EIO)
        }
        return count
    }

    func sync(_ file: Int32) throws(DiskFault) {
        _ = try Self.call("cannot be brought to the disk", "") { Int(fsync(file)) }
    }
    func close(_ file: Int32) { _ = Glibc.close(file) }

    func sync(folder: String) throws(DiskFault) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let what = "cannot be brought to the disk"
        let file = Int32(try Self.call(what, folder) { Int(open(folder, flags)) })
        defer { close(file) }
        _ = try Self.call(what, folder) { Int(fsync(file)) }
    }

    func rename(_ path: String, to other: String) throws(DiskFault) {
        _ = try Self.call("cannot be put in place", other) { Int(Glibc.rename(path, other)) }
    }

    func remove(_ path: String) throws(DiskFault) {
        do {
            _ = try Self.call("cannot be removed", path) { Int(unlink(path)) }
        } catch {
            if error.code != ENOENT { throw error }
        }
    }

    /// flock(2): the kernel lets go of it when the process ends, however it ends.
    func lock(_ path: String) throws(DiskFault) -> Int32 {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
        let file = Int32(try Self.call("cannot be locked", path) { Int(open(path, flags, 0o644)) })
        do {
            _ = try Self.call("is locked", path) { Int(flock(file, LOCK_EX | LOCK_NB)) }
        } catch {
            var text = [UInt8](repeating: 0, count: 16)
            let count = max(0, pread(file, &text, text.count, 0))
            close(file)
            var fault = error
            if error.code == EWOULDBLOCK {
                let digits = text[..<count].prefix { (48...57).contains($0) }
                fault.holder = Int32(String(decoding: digits, as: UTF8.self)) ?? 0
            }
            throw fault
        }
        // Who holds it, for whoever finds it locked; only a message hangs on it.
        let pid = Array("\(getpid())\n".utf8)
        if ftruncate(file, 0) == 0 { _ = pwrite(file, pid, pid.count, 0) }
        return file
    }

    func unlock(_ lock: Int32) { close(lock) }
}

extension DiskFault {
    var isForbidden: Bool { code == EACCES || code == EPERM }

    /// The kernel's words for `code`.
    var reason: String { String(cString: strerror(code)) }
}
