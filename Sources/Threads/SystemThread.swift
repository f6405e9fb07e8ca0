internal import CThread

/// A POSIX thread with a small stack of a stated size: what one costs is known.
///
/// The C library's own stacks are 8 MiB each, all of it resident where memory is locked whole.
public enum SystemThread {
    /// The stack of a bus's thread: 20 kB were seen to be used, by a capture that opens libiio.
    public static let stack_B = 256 << 10

    /// The thread could not be made; the errno of `pthread_create`: EAGAIN, there are too many.
    public struct Fault: Error, Equatable, Sendable {
        public var code: Int32
    }

    /// Starts a thread, which hears no signal and ends when `body` does. Nobody joins it: whoever must know lets it say so.
    ///
    /// - Parameters:
    ///   - name: for `ps -L` and debuggers; its first 15 bytes are seen.
    ///   - stack_B: bytes; the system's least (16 KiB) where it is smaller.
    ///   - isOrdinary: it does not inherit its maker's real-time priority.
    public static func start(
        _ name: String, stack_B: Int = stack_B, isOrdinary: Bool = false,
        _ body: @escaping @Sendable () -> Void
    ) throws(Fault) {
        let context = Unmanaged.passRetained(Start(name: name, body: body)).toOpaque()
        let result = skerry_thread_start(
            stack_B, isOrdinary ? 1 : 0, { SystemThread.enter($0) }, context)
        guard result == 0 else {
            Unmanaged<Start>.fromOpaque(context).release()
            throw Fault(code: result)
        }
    }

    private static func enter(_ context: UnsafeMutableRawPointer?) {
        guard let context else { return }
        let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
        skerry_thread_name(start.name)
        start.body()
    }

    /// Has the kernel provide the next `bytes` of the calling thread's stack now, so that nothing waits
    /// for a page later. Must be less than the stack has left.
    public static func touchStack(_ bytes: Int) { skerry_stack_touch(bytes) }
}

/// Memory of this process.
public enum SystemMemory {
    /// Gives the kernel back what only a start needed. To be called once, before memory is locked and
    /// before the loop begins.
    public static func giveBack() { skerry_give_back() }

    /// An open file lies in memory (tmpfs): writing to a mapping of it never waits for a disk.
    public static func holds(_ file: Int32) -> Bool { skerry_in_memory(file) != 0 }
}

private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
        (self.name, self.body) = (name, body)
    }
}
