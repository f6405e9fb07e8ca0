import Foundation

/// Gives the terminal back as it was found, however the program ends: by `close`, by `exit`, or by
/// a signal nobody else handles. Only SIGKILL is beyond it.
///
/// Signals reach only global state, hence these. They are written before any handler is in
/// place and read by it alone; what the handler calls is async-signal-safe (POSIX.1-2017, XSH
/// 2.4.3: `tcsetattr`, `write`, `signal`, `raise`).
enum Restoration {
    nonisolated(unsafe) private static var found = termios()
    nonisolated(unsafe) private static var input: Int32 = -1
    nonisolated(unsafe) private static var output: Int32 = -1
    nonisolated(unsafe) private static var isArmed = false
    nonisolated(unsafe) private static var isRegistered = false

    /// Autowrap on, colours off, cursor shown, normal screen: `StaticString`, for a handler must
    /// not allocate.
    private static let goodbye: StaticString =
        "\u{1B}[?2026l\u{1B}[?7h\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"

    private static let signals = [
        SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP,
        SIGPIPE,
    ]

    static func arm(_ attributes: termios, input: Int32, output: Int32) {
        found = attributes
        self.input = input
        self.output = output
        _ = goodbye.utf8Start
        isArmed = true
        if !isRegistered {
            isRegistered = true
            atexit { Restoration.restore() }
        }
        for number in signals {
            var present = sigaction()
            sigaction(number, nil, &present)
            // A program's own handler, and a wish to ignore, stay.
            guard present.__sigaction_handler.sa_handler == nil else { continue }
            var ours = sigaction()
            ours.__sigaction_handler.sa_handler = { number in
                Restoration.restore()
                signal(number, SIG_DFL)
                raise(number)
            }
            sigaction(number, &ours, nil)
        }
    }

    static func restore() {
        guard isArmed else { return }
        isArmed = false
        _ = write(output, goodbye.utf8Start, goodbye.utf8CodeUnitCount)
        _ = tcsetattr(input, TCSANOW, &found)
    }
}
