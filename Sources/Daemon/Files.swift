#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Makes one folder where it is missing.
func makeFolder(_ path: String, _ mode: UInt32) { _ = mkdir(path, mode) }

/// A file's text, at most a megabyte; nil where it cannot be read.
func readWholeFile(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var all: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 16_384)
    while all.count < 1 << 20 {
        let count = read(file, &bytes, bytes.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { return nil }
        if count == 0 { break }
        all += bytes[..<count]
    }
    return String(decoding: all, as: UTF8.self)
}
