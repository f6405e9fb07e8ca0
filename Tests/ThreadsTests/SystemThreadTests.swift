import Synchronization
import Testing
import Threads

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("Threads")
struct SystemThreadTests {
    /// What the kernel says of the thread that asks.
    private final class Seen: Sendable {
        let name = Mutex("")
        let isOver = Atomic(false)
    }

    @Test(
        "A thread runs under its name, on a stack that can be touched as deep as it is said to be")
    func runs() throws {
        let seen = Seen()
        try SystemThread.start("a-bus-of-a-long-name", stack_B: 128 << 10) {
            SystemThread.touchStack(96 << 10)
            var bytes = [UInt8](repeating: 0, count: 64)
            let file = open("/proc/thread-self/comm", O_RDONLY)
            let count = max(0, read(file, &bytes, bytes.count))
            close(file)
            seen.name.withLock { $0 = String(decoding: bytes[..<count], as: UTF8.self) }
            seen.isOver.store(true, ordering: .releasing)
        }
        // As long as it takes: nothing here is a measurement of time.
        for _ in 0..<60_000 where !seen.isOver.load(ordering: .acquiring) { usleep(1000) }
        let isOver = seen.isOver.load(ordering: .acquiring)
        #expect(isOver)
        #expect(seen.name.withLock { $0 } == "a-bus-of-a-long\n")
    }

    @Test("A stack that no machine has is refused with its errno")
    func refused() {
        #expect(throws: SystemThread.Fault.self) {
            try SystemThread.start("huge", stack_B: 1 << 46) {}
        }
    }
}
