import FakeGPIO
import Glibc
import HAL
import Testing

@testable import LinuxBoard

@Suite("Lines of a chip", .serialized, .enabled(if: fake_gpio_stands())) struct ChipLinesTests {
    /// No other suite uses it: see LinesTests.
    private let number: Int32 = 8
    private let path = "/dev/skerry-gpio8"

    private func line(_ offset: Int, rest: Bool = false, low: Bool = false) -> ChipLines.Line {
        ChipLines.Line(offset: offset, activeLow: low, .output(rest: rest, drive: .pushPull))
    }

    @Test("Outputs and inputs mixed, each with its own bit")
    func mixed() throws {
        fake_gpio_reset(number)
        do {
            let lines = try ChipLines(
                path: path,
                [
                    ChipLines.Line(offset: 5, .input(debounce_us: 0)),
                    line(0),
                    ChipLines.Line(offset: 2, .output(rest: true, drive: .openDrain)),
                    ChipLines.Line(offset: 4, activeLow: true, .input(debounce_us: 0)),
                    line(1, low: true),
                ], now_ns: { 0 })
            #expect(pins == [false, true, true])
            // Line 4 follows 0 (low, so active), 5 follows 1 (high).
            #expect(try lines.levels() == 0b01001)
            try lines.drive(0b10010)
            #expect(pins == [true, false, false])
            #expect(try lines.levels() == 0)
        }
        #expect(pins == [false, true, true])
        #expect(fake_gpio_open_handles(number) == 0)
    }

    @Test("One line that is taken gives all back")
    func allOrNone() throws {
        fake_gpio_reset(number)
        fake_gpio_take(number, 6, "spi0 CS0")
        #expect(throws: BoardFault(.bus, code: EBUSY)) {
            _ = try ChipLines(
                path: path, [line(0), ChipLines.Line(offset: 6, .input(debounce_us: 0))],
                now_ns: { 0 })
        }
        #expect(fake_gpio_open_handles(number) == 0)
    }

    @Test("Only lines that agree share a request")
    func groups() {
        let lines = [
            line(0), ChipLines.Line(offset: 1, .input(debounce_us: 0)), line(2, low: true),
            ChipLines.Line(offset: 3, bias: .pullUp, .input(debounce_us: 0)),
            ChipLines.Line(offset: 4, .input(debounce_us: 500)),
            ChipLines.Line(offset: 5, .output(rest: true, drive: .openDrain)),
            ChipLines.Line(offset: 6, .input(debounce_us: 0)), line(7, rest: true),
        ]
        #expect(ChipLines.groups(lines) == [[0, 2, 7], [1, 6], [3], [4], [5]])
    }

    @Test("A chip that went is not present")
    func gone() throws {
        fake_gpio_reset(number)
        let lines = try ChipLines(
            path: path, [line(0), ChipLines.Line(offset: 4, .input(debounce_us: 0))],
            now_ns: { 0 })
        fake_gpio_unplug(number)
        #expect(throws: BoardFault(.notPresent, code: ENODEV)) { try lines.drive(1) }
        #expect(throws: BoardFault(.notPresent, code: ENODEV)) { _ = try lines.levels() }
    }

    private var pins: [Bool] { (0..<3).map { fake_gpio_level(number, $0) } }
}
