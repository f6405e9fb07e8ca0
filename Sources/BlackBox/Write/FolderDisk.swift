#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder of the real file system.
public final class FolderDisk: Disk {
    private let root: String
    private var names: [Int32: String] = [:]

    /// - Parameter root: is created where it is not there, its parents are not.
    public init(_ root: String) { self.root = root }

    private func path(_ name: String) -> String { name.isEmpty ? root : root + "/" + name }
    private func check(
        _ operation: DiskFault.Operation, _ name: String, _ call: () -> Int
    ) throws(DiskFault) -> Int {
        while true {
            let result = call()
            if result >= 0 { return result }
            if errno != EINTR { throw DiskFault(operation, path(name), errno) }
        }
    }
    private func name(_ handle: Int32) -> String { names[handle] ?? "" }

    public func makeFolder(_ name: String) throws(DiskFault) {
        if mkdir(path(name), 0o750) == 0 || errno == EEXIST { return }
        throw DiskFault(.create, path(name), errno)
    }
    public func open(_ name: String) throws(DiskFault) -> Int32 {
        let path = path(name)
        #if canImport(Glibc)
            let fd = try check(.open, name) {
                Int(Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640))
            }
        #else
            let fd = try check(.open, name) {
                Int(Musl.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640))
            }
        #endif
        names[Int32(fd)] = name
        return Int32(fd)
    }
    public func close(_ handle: Int32) {
        names[handle] = nil
        #if canImport(Glibc)
            _ = Glibc.close(handle)
        #else
            _ = Musl.close(handle)
        #endif
    }
    public func size(_ handle: Int32) throws(DiskFault) -> Int64 {
        Int64(try check(.read, name(handle)) { Int(lseek(handle, 0, SEEK_END)) })
    }
    public func allocate(_ handle: Int32, _ size: Int64) throws(DiskFault) {
        let code = posix_fallocate(handle, 0, off_t(size))
        if code != 0 { throw DiskFault(.allocate, path(name(handle)), code) }
    }
    public func truncate(_ handle: Int32, _ size: Int64) throws(DiskFault) {
        _ = try check(.allocate, name(handle)) { Int(ftruncate(handle, off_t(size))) }
    }
    public func read(
        _ handle: Int32, _ memory: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(DiskFault) -> Int {
        var done = 0
        while done < memory.count {
            let n = try check(.read, name(handle)) {
                pread(
                    handle, memory.baseAddress! + done, memory.count - done,
                    off_t(offset) + off_t(done))
            }
            if n == 0 { break }
            done += n
        }
        return done
    }
    public func write(
        _ handle: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int64
    ) throws(DiskFault) {
        var done = 0
        while done < bytes.count {
            done += try check(.write, name(handle)) {
                pwrite(
                    handle, bytes.baseAddress! + done, bytes.count - done,
                    off_t(offset) + off_t(done))
            }
        }
    }
    public func sync(_ handle: Int32) throws(DiskFault) {
        _ = try check(.sync, name(handle)) { Int(fdatasync(handle)) }
    }
    public func isStill(_ handle: Int32, _ name: String) -> Bool {
        var a = stat()
        var b = stat()
        return fstat(handle, &a) == 0 && stat(path(name), &b) == 0 && a.st_ino == b.st_ino
            && a.st_dev == b.st_dev
    }
    public func rename(_ name: String, to other: String) throws(DiskFault) {
        let (from, to) = (path(name), path(other))
        #if canImport(Glibc)
            _ = try check(.rename, name) { Int(Glibc.rename(from, to)) }
        #else
            _ = try check(.rename, name) { Int(Musl.rename(from, to)) }
        #endif
    }
    public func remove(_ name: String) throws(DiskFault) {
        if unlink(path(name)) == 0 || errno == ENOENT { return }
        throw DiskFault(.remove, path(name), errno)
    }
    public func list(_ folder: String) throws(DiskFault) -> [(name: String, size: Int64)] {
        guard let stream = opendir(path(folder)) else {
            if errno == ENOENT { return [] }
            throw DiskFault(.list, path(folder), errno)
        }
        defer { closedir(stream) }
        var found: [(name: String, size: Int64)] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var about = stat()
            guard stat(path(folder) + "/" + name, &about) == 0,
                about.st_mode & S_IFMT == S_IFREG
            else { continue }
            found.append((name, Int64(about.st_size)))
        }
        return found
    }
    public func syncFolder(_ name: String) throws(DiskFault) {
        let path = path(name)
        #if canImport(Glibc)
            let fd = Int32(
                try check(.open, name) { Int(Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }
            )
            defer { _ = Glibc.close(fd) }
        #else
            let fd = Int32(
                try check(.open, name) { Int(Musl.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) })
            defer { _ = Musl.close(fd) }
        #endif
        _ = try check(.sync, name) { Int(fsync(fd)) }
    }
}
