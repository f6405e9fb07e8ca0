#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A recording that cannot be opened.
public struct RecordingFault: Error, Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// The system's error number.
        case system(Int32)
        /// Not one whole frame is in it.
        case noFrame
    }
    public var path: String
    public var kind: Kind

    public var words: String {
        switch kind {
        case .system(let code): "\(path): cannot be read: \(errorWords(code))"
        case .noFrame:
            "\(path): holds no frame of a black box. A recording ends in .skbb; `ring.skbb` is the "
                + "newest hours, the files in `captures` are the seconds around trips."
        }
    }
}

func errorWords(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
}

/// A file that is only read, or bytes that stand for one.
final class ReadFile: Sendable {
    /// -1 where bytes stand for it.
    private let descriptor: Int32
    private let bytes: [UInt8]
    let size: Int64

    init(bytes: [UInt8]) {
        descriptor = -1
        self.bytes = bytes
        size = Int64(bytes.count)
    }

    init(_ path: String) throws(RecordingFault) {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { throw RecordingFault(path: path, kind: .system(errno)) }
        let end = lseek(fd, 0, SEEK_END)
        guard end >= 0 else {
            let code = errno
            close(fd)
            throw RecordingFault(path: path, kind: .system(code))
        }
        descriptor = fd
        bytes = []
        size = Int64(end)
    }
    deinit { if descriptor >= 0 { close(descriptor) } }

    /// - Returns: bytes read, fewer only at the end; or the error.
    func read(_ memory: UnsafeMutableRawBufferPointer, at offset: Int64) -> Result<Int, ErrorNumber>
    {
        guard descriptor >= 0 else {
            let from = max(0, min(Int(offset), bytes.count))
            let count = min(memory.count, bytes.count - from)
            bytes.withUnsafeBytes {
                memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[from..<from + count]))
            }
            return .success(count)
        }
        var done = 0
        while done < memory.count {
            let n = pread(
                descriptor, memory.baseAddress! + done, memory.count - done,
                off_t(offset) + off_t(done))
            if n < 0 && errno == EINTR { continue }
            if n < 0 { return .failure(ErrorNumber(code: errno)) }
            if n == 0 { break }
            done += n
        }
        return .success(done)
    }
}
struct ErrorNumber: Error { var code: Int32 }

/// Memory for one segment.
final class SegmentBuffer {
    let memory: UnsafeMutableRawBufferPointer
    init(_ size: Int) {
        memory = .allocate(byteCount: size, alignment: FramePlace.block)
    }
    deinit { memory.deallocate() }
    func bytes(_ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[..<count])
    }
}
