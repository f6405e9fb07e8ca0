import Foundation
import Synchronization

/// A pseudo-terminal with a person in front of it: what was written becomes a picture, what is typed
/// goes in. A thread drains it, so that nobody who writes ever waits.
final class Terminal: Sendable {
    let master: Int32
    let slave: Int32
    private let screen = Mutex<Screenful>(Screenful())
    private let isClosed = Atomic<Bool>(false)

    init?(columns: Int, rows: Int) {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        // TIOCSPTLCK and TIOCGPTN of Linux's asm-generic/ioctls.h: unlock, and the number.
        var lock: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &lock) == 0,
            ioctl(master, 0x8004_5430, &number) == 0
        else { return nil }
        slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        guard slave >= 0 else { return nil }
        var size = winsize(
            ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard ioctl(master, UInt(TIOCSWINSZ), &size) == 0 else { return nil }
        let drain = Thread { [self] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while !isClosed.load(ordering: .relaxed) {
                var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
                guard poll(&ready, 1, 20) > 0 else { continue }
                let count = read(master, &buffer, buffer.count)
                if count <= 0 { return }
                screen.withLock { $0.feed(buffer.prefix(count)) }
            }
        }
        drain.start()
    }

    /// The window is closed: who reads the other end finds it hung up.
    func hangUp() {
        if !isClosed.exchange(true, ordering: .relaxed) {
            // The drain lets go first; it looks every 20 ms.
            Thread.sleep(forTimeInterval: 0.1)
            close(master)
        }
    }

    /// Types, and returns once the other end could read all of it.
    func type(_ text: String) -> Bool {
        let out = Array(text.utf8)
        guard write(master, out, out.count) == out.count else { return false }
        for _ in 0..<2000 {
            var waiting: Int32 = 0
            // FIONREAD of Linux's asm-generic/ioctls.h.
            guard ioctl(slave, 0x541B, &waiting) == 0 else { return false }
            if Int(waiting) >= out.count { return true }
            Thread.sleep(forTimeInterval: 0.005)
        }
        return false
    }

    var lines: [String] { screen.withLock { $0.lines } }

    /// Waits for a text on the screen, 10 s at most: how long the kernel takes is no part of a test.
    func shows(_ text: String) -> Bool {
        for _ in 0..<2000 {
            if lines.contains(where: { $0.contains(text) }) { return true }
            Thread.sleep(forTimeInterval: 0.005)
        }
        return false
    }

    /// Waits for these to be the last bytes written, 10 s at most.
    func wrote(_ text: String) -> Bool {
        for _ in 0..<2000 {
            if screen.withLock({ $0.tail.hasSuffix(text) }) {
                return true
            }
            Thread.sleep(forTimeInterval: 0.005)
        }
        return false
    }
}

/// What stands on a screen after the bytes it was fed: cursor moves, erasing and text; colours and
/// modes are skipped.
struct Screenful {
    private var cells: [[Character]] = []
    private var row = 0
    private var column = 0
    /// A sequence or letter whose end has not come yet.
    private var pending: [UInt8] = []
    /// The last bytes, for who wants to know how it ended.
    private(set) var tail = ""

    var lines: [String] { cells.map { String($0) } }

    mutating func feed(_ more: some Sequence<UInt8>) {
        pending += more
        tail = String(decoding: (Array(tail.utf8) + pending).suffix(64), as: UTF8.self)
        var at = 0
        while at < pending.count, let length = length(from: at) {
            let piece = pending[at..<(at + length)]
            if piece.first == 0x1B {
                obey(String(decoding: piece.dropFirst(2), as: UTF8.self))
            } else {
                for character in String(decoding: piece, as: UTF8.self) { put(character) }
            }
            at += length
        }
        pending.removeFirst(at)
    }

    /// Of the next letter or sequence; nil until it is whole.
    private func length(from at: Int) -> Int? {
        let first = pending[at]
        if first == 0x1B {
            let end = pending[at...].dropFirst(2).firstIndex { (0x40...0x7E).contains($0) }
            return end.map { $0 - at + 1 }
        }
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        return at + length <= pending.count ? length : nil
    }

    private mutating func put(_ character: Character) {
        while cells.count <= row { cells.append([]) }
        while cells[row].count <= column { cells[row].append(" ") }
        cells[row][column] = character
        column += 1
    }

    private mutating func obey(_ sequence: String) {
        let numbers = sequence.dropLast().split(separator: ";").map { Int($0) ?? 0 }
        switch sequence.last {
        case "H":
            row = max(1, numbers.first ?? 1) - 1
            column = max(1, numbers.dropFirst().first ?? 1) - 1
        case "J": cells = []
        case "K": if row < cells.count { cells[row] = Array(cells[row].prefix(column)) }
        default: break
        }
    }
}
