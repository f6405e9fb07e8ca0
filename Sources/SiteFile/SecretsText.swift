import BoardProfile

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Secrets {
    /// As it is written. JSON's quotes are YAML's (YAML 1.2, 1.3).
    var text: String {
        var lines = ["# Who may sign in, and the broker's password. Written by `skerry user`."]
        if !people.isEmpty { lines.append("users:") }
        for person in people {
            let name = JSON.text(person.name).compact
            let hash = JSON.text(person.password).compact
            lines.append("  - {name: \(name), role: \(person.role.rawValue), password: \(hash)}")
        }
        if let brokerPassword {
            lines.append("broker_password: \(JSON.text(brokerPassword).compact)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes the file anew, for its owner alone: beside it first, then in its place.
    public func save(_ path: String) throws(Fault) {
        let fresh = path + ".new"
        func fault(_ call: String) -> Fault {
            Fault(words: "\(fresh): \(call): \(String(cString: strerror(errno)))")
        }
        _ = unlink(fresh)
        let file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw fault("open") }
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(file, $0.baseAddress! + written, bytes.count - written)
            }
            guard count > 0 else {
                let fault = fault("write")
                close(file)
                throw fault
            }
            written += count
        }
        guard fsync(file) == 0, close(file) == 0 else { throw fault("fsync") }
        guard rename(fresh, path) == 0 else { throw fault("rename") }
    }
}
