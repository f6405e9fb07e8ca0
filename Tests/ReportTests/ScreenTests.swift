import Foundation
import Testing

@testable import Report

@Suite("The screen")
struct ScreenTests {
    @Test("Only what changed is sent")
    func differences() {
        var picture = Picture()
        func update(_ lines: [String], columns: Int = 80) -> String {
            String(decoding: picture.update(lines, columns: columns, rows: 24), as: UTF8.self)
        }
        #expect(update(["a", "b"]).contains("[2J"))
        #expect(update(["a", "b"]) == "")
        let changed = update(["a", "c"])
        #expect(changed.contains("\u{1B}[2;1Hc") && !changed.contains("[1;1H"))
        #expect(!changed.contains("[2J"), "no flicker")
        #expect(update(["a"]).contains("\u{1B}[2;1H\u{1B}[0m\u{1B}[K"), "the old line goes")
        #expect(
            update(["\u{1B}[1m" + String(repeating: "─", count: 80) + "\u{1B}[0m"]).hasSuffix(
                "─\u{1B}[0m\u{1B}[0m\u{1B}[?2026l"), "the last column of a full line is not erased")
        #expect(update(["a"], columns: 60).contains("[2J"), "a new size starts afresh")
    }

    @Test("Bytes become keys")
    func keys() {
        var reader = KeyReader()
        func keys(_ bytes: [UInt8]) -> [Key] {
            reader.feed(bytes)
            var found: [Key] = []
            while let key = reader.next() { found.append(key) }
            return found
        }
        #expect(keys(Array("q1".utf8)) == [.character("q"), .character("1")])
        #expect(
            keys(Array("\u{1B}[A\u{1B}OB\u{1B}[1;5Cx".utf8)) == [
                .up, .down, .right, .character("x"),
            ])
        #expect(keys([0x1B]) == [.escape])
        #expect(keys([0x7F, 0x08]) == [.backspace, .backspace])
        #expect(keys(Array("\u{1B}[15~\r".utf8)) == [.enter], "F5 is swallowed whole")
        #expect(keys([0xC3]) == [], "half a letter waits")
        #expect(keys([0xA4]) == [.character("ä")])
        #expect(keys([0xFF, 0x00, 0x80, 0x71]) == [.character("q")])
    }

    @Test("A terminal is taken, sized, drawn on, read from, and given back as it was")
    func givenBack() throws {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(master >= 0)
        defer { close(master) }
        // TIOCSPTLCK and TIOCGPTN of Linux's asm-generic/ioctls.h: unlock, and the number.
        var lock: Int32 = 0
        var number: UInt32 = 0
        #expect(ioctl(master, 0x4004_5431, &lock) == 0)
        #expect(ioctl(master, 0x8004_5430, &number) == 0)
        let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(slave >= 0)
        defer { close(slave) }
        var size = winsize(ws_row: 33, ws_col: 101, ws_xpixel: 0, ws_ypixel: 0)
        #expect(ioctl(master, UInt(TIOCSWINSZ), &size) == 0)

        func flags() -> tcflag_t {
            var attributes = termios()
            tcgetattr(slave, &attributes)
            return attributes.c_lflag
        }
        func output() -> String {
            var bytes = [UInt8](repeating: 0, count: 4096)
            var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 1000) > 0 else { return "" }
            let count = max(0, read(master, &bytes, bytes.count))
            return String(decoding: bytes.prefix(count), as: UTF8.self)
        }
        let before = flags()
        #expect(before & tcflag_t(ICANON) != 0)
        do {
            guard var screen = TerminalScreen(input: slave, output: slave) else {
                Issue.record("no screen on a terminal")
                return
            }
            #expect(flags() & tcflag_t(ICANON | ECHO) == 0)
            #expect(flags() & tcflag_t(ISIG) != 0, "Ctrl-C still interrupts")
            #expect(screen.size == (101, 33))
            #expect(output().hasPrefix("\u{1B}[?1049h"))
            #expect(screen.key() == nil, "nothing pressed, nothing awaited")
            TerminalScreen.put(Array("g\u{1B}[A".utf8), to: master)
            #expect(screen.key() == .character("g"))
            #expect(screen.key() == .up)
            #expect(screen.key() == nil)
            screen.show(["hello"])
            #expect(output().contains("hello"))
            let isGone = screen.isGone
            #expect(!isGone)
            screen.close()
        }
        #expect(flags() == before)
        #expect(output().hasSuffix("\u{1B}[?25h\u{1B}[?1049l"))
        if TerminalScreen(input: slave, output: -1) != nil {
            Issue.record("a screen on no terminal")
        }
    }
}
