import Foundation

/// The whole terminal, taken while the value lives: the alternate screen, keys without waiting,
/// and a picture that is redrawn only where it changed.
///
/// Ctrl-C still interrupts; Ctrl-Z does not stop. However the program ends, the terminal is given
/// back; see `Restoration`. One at a time.
public struct TerminalScreen: ~Copyable {
    private let input: Int32
    private let output: Int32
    private let found: termios
    private var picture = Picture()
    private var keys = KeyReader()

    /// Nil when standard input or output is no terminal, or `TERM` is `dumb`.
    public init?() {
        guard ProcessInfo.processInfo.environment["TERM"] != "dumb" else { return nil }
        self.init(input: STDIN_FILENO, output: STDOUT_FILENO)
    }

    /// On other files than the standard ones.
    package init?(input: Int32, output: Int32) {
        var found = termios()
        guard isatty(input) == 1, isatty(output) == 1, tcgetattr(input, &found) == 0 else {
            return nil
        }
        self.input = input
        self.output = output
        self.found = found
        Restoration.arm(found, input: input, output: output)
        var raw = found
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
        raw.c_iflag &= ~tcflag_t(IXON | ICRNL | INLCR)
        withUnsafeMutableBytes(of: &raw.c_cc) {
            $0[Int(VMIN)] = 0
            $0[Int(VTIME)] = 0
            $0[Int(VSUSP)] = 0
        }
        tcsetattr(input, TCSANOW, &raw)
        // Alternate screen, cursor hidden, no autowrap, cleared.
        Self.put(Array("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J".utf8), to: output)
    }

    deinit { Restoration.restore(found, input: input, output: output) }

    /// Gives the terminal back now.
    public consuming func close() {}

    /// Columns and rows now; 80 × 24 when the terminal will not say.
    public var size: (columns: Int, rows: Int) { Self.size(of: output) ?? (80, 24) }

    /// The terminal was closed, or what stood behind it went away.
    public var isGone: Bool {
        var ready = pollfd(fd: input, events: 0, revents: 0)
        let gone = Int16(POLLHUP | POLLERR | POLLNVAL)
        return poll(&ready, 1, 0) > 0 && ready.revents & gone != 0
    }

    /// Draws these lines from the top; what was below is cleared. Sends only what changed.
    public mutating func show(_ lines: [String]) {
        let (columns, rows) = size
        let bytes = picture.update(Array(lines.prefix(rows)), columns: columns, rows: rows)
        Self.put(bytes, to: output)
    }

    /// The next key pressed, or nil at once.
    public mutating func key() -> Key? {
        if let key = keys.next() { return key }
        var ready = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 0) > 0, ready.revents & Int16(POLLIN) != 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = read(input, &buffer, buffer.count)
        guard count > 0 else { return nil }
        keys.feed(buffer.prefix(count))
        return keys.next()
    }

    /// Nil when it is no terminal or has no size.
    static func size(of file: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return nil
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// All of the bytes, unless the file is gone.
    package static func put(_ bytes: [UInt8], to file: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(file, $0.baseAddress! + sent, bytes.count - sent)
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                var ready = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
                if poll(&ready, 1, 100) == 0 { return }
            } else if errno != EINTR {
                return
            }
        }
    }
}

/// What is on the screen, to send only what differs.
struct Picture {
    private var lines: [String] = []
    private var columns = 0
    private var rows = 0

    /// The bytes that turn what is there into `next`, inside a synchronised update (DEC private
    /// mode 2026; terminals without it ignore it), so that no half picture is seen.
    mutating func update(_ next: [String], columns: Int, rows: Int) -> [UInt8] {
        var out = ""
        if (columns, rows) != (self.columns, self.rows) {
            out += "\u{1B}[0m\u{1B}[2J"
            lines = []
            (self.columns, self.rows) = (columns, rows)
        }
        for row in 0..<max(lines.count, next.count) {
            let old = row < lines.count ? lines[row] : ""
            let new = row < next.count ? next[row] : ""
            if old == new { continue }
            out += "\u{1B}[\(row + 1);1H\(new)\u{1B}[0m"
            // After a full line the cursor rests on its last column: erasing would take that.
            if Self.width(new) < columns { out += "\u{1B}[K" }
        }
        lines = next
        return out.isEmpty ? [] : Array("\u{1B}[?2026h\(out)\u{1B}[?2026l".utf8)
    }

    /// Columns, colour sequences not counted.
    private static func width(_ line: String) -> Int {
        var columns = 0
        var isSequence = false
        for scalar in line.unicodeScalars {
            if isSequence {
                isSequence = scalar != "m"
            } else if scalar == "\u{1B}" {
                isSequence = true
            } else {
                columns += Width.of(scalar)
            }
        }
        return columns
    }
}
