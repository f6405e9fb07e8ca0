/// Bytes on their way out, in a ring of fixed size.
struct ByteQueue: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer
    private var head = 0
    private(set) var count = 0

    init(capacity: Int) { memory = .allocate(byteCount: capacity, alignment: 16) }
    deinit { memory.deallocate() }

    var room: Int { memory.count - count }

    /// All of the bytes, or none.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= room else { return false }
        let at = (head + count) % memory.count
        let first = min(bytes.count, memory.count - at)
        if first > 0 {
            UnsafeMutableRawBufferPointer(rebasing: memory[at..<at + first])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<first]))
        }
        if bytes.count > first {
            UnsafeMutableRawBufferPointer(rebasing: memory[..<(bytes.count - first)])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[first...]))
        }
        count += bytes.count
        return true
    }
    /// The oldest bytes, as far as they lie in one piece.
    var front: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[head..<head + min(count, memory.count - head)])
    }
    /// The oldest `size` are gone out.
    mutating func drop(_ size: Int) {
        precondition(size >= 0 && size <= count)
        head = (head + size) % memory.count
        count -= size
    }
}
