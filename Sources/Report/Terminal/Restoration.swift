import Foundation

/// Gives the terminal back as it was found, however the program ends: by `close`, by `exit`, by a
/// trap, or by a signal nobody else handles. Only SIGKILL is beyond it.
///
/// Signals reach only global state, hence these. They are written before any handler is in
/// place and read by it alone; what the handler calls is async-signal-safe (POSIX.1-2017, XSH
/// 2.4.3: `tcsetattr`, `write`, `sigaction`, `raise`).
enum Restoration {
    nonisolated(unsafe) private static var found = termios()
    nonisolated(unsafe) private static var input: Int32 = -1
    nonisolated(unsafe) private static var output: Int32 = -1
    nonisolated(unsafe) private static var isArmed = false
    nonisolated(unsafe) private static var isRegistered = false
    /// By number, what a signal did before it was ours.
    nonisolated(unsafe) private static let before = {
        let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
        actions.initialize(repeating: sigaction(), count: 65)
        return actions
    }()

    /// Autowrap on, colours off, cursor shown, normal screen: `StaticString`, for a handler must
    /// not allocate.
    private static let goodbye: StaticString =
        "\u{1B}[?2026l\u{1B}[?7h\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"

    /// A program's own handler for these, and a wish to ignore them, stay.
    private static let wishes = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE]
    /// Who handled these before (Swift's backtrace does) is called once the terminal is back.
    private static let crashes = [SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP]

    static func arm(_ attributes: termios, input: Int32, output: Int32) {
        found = attributes
        self.input = input
        self.output = output
        _ = goodbye.utf8Start
        isArmed = true
        if isRegistered { return }
        isRegistered = true
        atexit { Restoration.restore() }
        for number in wishes + crashes {
            sigaction(number, nil, before + Int(number))
            let isDefault = before[Int(number)].__sigaction_handler.sa_handler == nil
            guard isDefault || crashes.contains(number) else { continue }
            var ours = sigaction()
            ours.sa_flags = SA_ONSTACK
            ours.__sigaction_handler.sa_handler = { number in
                Restoration.restore()
                sigaction(number, Restoration.before + Int(number), nil)
                raise(number)
            }
            sigaction(number, &ours, nil)
        }
    }

    /// The terminal that was armed last; what a handler calls.
    static func restore() {
        guard isArmed else { return }
        isArmed = false
        _ = write(output, goodbye.utf8Start, goodbye.utf8CodeUnitCount)
        _ = tcsetattr(input, TCSANOW, &found)
    }

    /// This terminal, whichever was armed last; once, unless a handler was first.
    static func restore(_ attributes: termios, input: Int32, output: Int32) {
        if output == self.output {
            if isArmed { restore() }
            return
        }
        var attributes = attributes
        _ = write(output, goodbye.utf8Start, goodbye.utf8CodeUnitCount)
        _ = tcsetattr(input, TCSANOW, &attributes)
    }
}
