#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The listening socket and its file.
struct Listener: ~Copyable {
    let descriptor: Int32
    private let path: String
    /// The file is ours for as long as it is this one.
    private let device: dev_t
    private let inode: ino_t

    init(_ options: LinkOptions) throws(LinkFault) {
        let path = options.path
        try Self.makeFolder(of: path, group: options.group)
        let made = try unixSocket(path)
        do throws(LinkFault) {
            try Self.makeWay(at: path)
            let isBound = try withSocketAddress(path) { bind(made, $0, $1) == 0 }
            guard isBound else { throw Self.fault("bind", path) }
            // Before listen(2) nobody is let in, whatever the file's mode.
            if let group = options.group, chown(path, .max, group) != 0 {
                throw Self.fault("chown", path)
            }
            guard chmod(path, mode_t(options.mode)) == 0 else { throw Self.fault("chmod", path) }
            guard listen(made, 8) == 0 else { throw Self.fault("listen", path) }
        } catch {
            close(made)
            throw error
        }
        var status = stat()
        lstat(path, &status)
        (device, inode) = (status.st_dev, status.st_ino)
        self.path = path
        descriptor = made
    }
    deinit {
        close(descriptor)
        removeFile()
    }

    /// Takes the socket's file away where it is still ours; a second call does nothing.
    func removeFile() {
        var status = stat()
        if lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode {
            unlink(path)
        }
    }

    private static func fault(_ call: String, _ path: String) -> LinkFault {
        .system(call: call, path: path, code: errno)
    }

    private static func makeFolder(of path: String, group: UInt32?) throws(LinkFault) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        if mkdir(folder, 0o750) != 0 {
            guard errno == EEXIST else { throw fault("mkdir", folder) }
            return
        }
        guard chmod(folder, 0o750) == 0 else { throw fault("chmod", folder) }
        if let group, chown(folder, .max, group) != 0 { throw fault("chown", folder) }
    }

    /// Removes the socket of a server that is gone; a live one's, and what is no socket, stay.
    private static func makeWay(at path: String) throws(LinkFault) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw fault("lstat", path)
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notSocket(path: path) }
        let probe = try unixSocket(path)
        defer { close(probe) }
        let code = try withSocketAddress(path) { connect(probe, $0, $1) == 0 ? 0 : errno }
        // EAGAIN: its queue of connections is full.
        guard code == ECONNREFUSED else {
            if code == 0 || code == EAGAIN { throw .taken(path: path) }
            throw .system(call: "connect", path: path, code: code)
        }
        guard unlink(path) == 0 else { throw fault("unlink", path) }
    }
}
