import Foundation

/// Where the handler of signals writes; set once, before any handler is.
nonisolated(unsafe) private var doorbell: Int32 = -1

/// Ctrl-C and SIGTERM end a run in order: plant safe first.
enum Interrupt {
    /// Calls `action` on a thread of its own for each SIGINT, SIGTERM or SIGHUP from now on. A
    /// handler may do next to nothing: it writes a byte to a pipe, which no signal is lost on.
    static func watch(_ action: @escaping @Sendable () -> Void) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        let listening = ends[0]
        doorbell = ends[1]
        let thread = Thread {
            var byte: UInt8 = 0
            while true {
                let count = read(listening, &byte, 1)
                if count == 1 { action() }
                if count == 0 || (count < 0 && errno != EINTR) { return }
            }
        }
        thread.start()
        // Whoever read our lines may go; the plant is still there.
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in
                var byte: UInt8 = 1
                _ = write(doorbell, &byte, 1)
            }
        }
    }
}
