import FakeGPIO
import Glibc
import HAL
import Testing

@testable import LinuxBoard

/// The owners of lines over the real libgpiod and a kernel that is not there: see FakeGPIO.
@Suite("GPIO lines", .enabled(if: fake_gpio_stands())) struct LinesTests {
    /// Each test has a chip of its own, fresh.
    private func chip(_ n: Int32) throws -> GPIOChip {
        fake_gpio_reset(n)
        return try GPIOChip(path: "/dev/skerry-gpio\(n)")
    }

    @Test("A chip says who it is, and what its lines are")
    func describes() throws {
        var chip = try chip(0)
        #expect(chip.name == "skerry-gpio0")
        #expect(chip.label == "skerry-fake")
        #expect(chip.lineCount == 8)
        fake_gpio_take(0, 3, "w1")
        #expect(try chip.line(2) == LineState(offset: 2, name: "L2"))
        #expect(try chip.line(3) == LineState(offset: 3, name: "L3", used: true, consumer: "w1"))
        #expect(try chip.lines().map(\.offset) == Array(0..<8))
        #expect(throws: BoardFault(.notPresent)) { _ = try chip.line(8) }
    }

    @Test("Outputs rest from the first moment, move together, and rest again when let go")
    func outputs() throws {
        do {
            var chip = try chip(1)
            var out = try OutputLines(
                on: chip,
                [
                    OutputLine(offset: 0), OutputLine(offset: 1, activeLow: true),
                    OutputLine(offset: 2, rest: true),
                ], consumer: "relays")
            #expect(levels(1) == [false, true, true])
            #expect(try out.levels() == 0b100)
            let state = try chip.line(1)
            #expect(state.used && state.output && state.consumer == "relays")

            try out.set(0b011)
            #expect(levels(1) == [true, false, false])
            #expect(fake_gpio_sets(1) == 1)
            try out.set(2, to: true)
            #expect(out.wanted == 0b111)
            #expect(try out.levels() == 0b111)

            let taken = out.makeSafe()
            #expect(taken)
            #expect(levels(1) == [false, true, true])
            #expect(out.wanted == out.rest)
            try out.set(~0)
            #expect(out.wanted == 0b111)
        }
        #expect(levels(1) == [false, true, true])
        #expect(fake_gpio_open_handles(1) == 0)
    }

    @Test("Closed contacts can be taken over as they are")
    func initially() throws {
        let chip = try chip(2)
        var out = try OutputLines(
            on: chip, [OutputLine(offset: 0), OutputLine(offset: 1)], initially: 0b10)
        #expect(levels(2) == [false, true, false])
        #expect(try out.levels() == 0b10)
        #expect(out.wanted == 0b10)
    }

    @Test("A line is held once; all of a request or none")
    func busy() throws {
        var chip = try chip(3)
        let first = try OutputLines(on: chip, [OutputLine(offset: 1)])
        #expect(first.lines.count == 1)
        #expect(throws: BoardFault(.bus, code: EBUSY)) {
            _ = try InputLines(on: chip, [InputLine(offset: 5), InputLine(offset: 1)])
        }
        #expect(try !chip.line(5).used)
        #expect(throws: BoardFault(.notPresent)) {
            _ = try OutputLines(on: chip, [OutputLine(offset: 8)])
        }
        #expect(throws: BoardFault(.bus, code: EINVAL)) { _ = try InputLines(on: chip, []) }
        #expect(throws: BoardFault(.bus, code: EINVAL)) {
            _ = try InputLines(on: chip, [InputLine(offset: 5), InputLine(offset: 5)])
        }
    }

    @Test("Inputs follow, with edges and their times")
    func inputs() throws {
        let chip = try chip(4)
        var out = try OutputLines(on: chip, [OutputLine(offset: 0), OutputLine(offset: 1)])
        var input = try InputLines(
            on: chip, [InputLine(offset: 5, activeLow: true), InputLine(offset: 4)], edges: true)
        #expect(try input.levels(at: 0) == 0b01)
        #expect(try input.nextEvent(within_ns: 0) == nil)

        let before = monotonic_ns()
        try out.set(0b11)
        #expect(try input.levels(at: 0) == 0b10)
        let events = try [input.nextEvent(within_ns: -1), input.nextEvent(within_ns: 1_000_000)]
        let after = monotonic_ns()
        let both = events.compactMap(\.self).sorted { $0.line < $1.line }
        try #require(both.count == 2)
        #expect(both.map(\.rising) == [false, true])
        #expect(both.map(\.line) == [0, 1])
        #expect(both.allSatisfy { before...after ~= $0.time_ns })
        #expect(try input.nextEvent(within_ns: 1_000_000) == nil)
    }

    @Test("A chattering contact is debounced, by whoever can")
    func debounced() throws {
        let chip = try chip(5)
        var input = try InputLines(on: chip, [InputLine(offset: 6)], debounce_us: 1_000)
        var believed: [UInt64] = []
        for (ms, level) in [false, true, false, true, true, true].enumerated() {
            fake_gpio_press(5, 6, level)
            believed.append(try input.levels(at: UInt64(ms) * 500_000))
        }
        // The kernel that is not there does not debounce: with libgpiod 2 the levels are raw.
        let raw: [UInt64] = [0, 1, 0, 1, 1, 1]
        let held: [UInt64] = [0, 0, 0, 0, 0, 1]
        #expect(believed == (GPIOChip.library == 1 ? held : raw))
    }

    @Test("A chip that goes away is not present, and letting go of it does no harm")
    func unplugged() throws {
        do {
            var chip = try chip(6)
            var out = try OutputLines(on: chip, [OutputLine(offset: 0)])
            var input = try InputLines(on: chip, [InputLine(offset: 4)], edges: true)
            fake_gpio_unplug(6)
            #expect(throws: BoardFault(.notPresent, code: ENODEV)) { try out.set(1) }
            #expect(throws: BoardFault(.notPresent, code: ENODEV)) { _ = try input.levels(at: 0) }
            #expect(throws: BoardFault(.notPresent, code: ENODEV)) { _ = try chip.line(0) }
            let taken = out.makeSafe()
            #expect(!taken)
            #expect(throws: BoardFault.self) { _ = try input.nextEvent(within_ns: -1) }
        }
        fake_gpio_reset(6)
    }

    @Test("What is asked of a pin reaches the kernel")
    func wishes() throws {
        var chip = try chip(7)
        let out = try OutputLines(on: chip, [OutputLine(offset: 0)], drive: .openDrain)
        let input = try InputLines(on: chip, [InputLine(offset: 7)], bias: .pullUp)
        #expect(out.lines.count == input.lines.count)
        #expect(try chip.line(0).drive == .openDrain)
        #expect(try chip.line(7).bias == .pullUp)
    }

    @Test("What is no GPIO chip is said not to be one")
    func noChip() {
        #expect(throws: BoardFault(.notPresent, code: ENOENT)) {
            _ = try GPIOChip(path: "/dev/no-such-chip")
        }
        #expect(throws: BoardFault.self) { _ = try GPIOChip(path: "/dev/null") }
    }

    private func levels(_ chip: Int32) -> [Bool] { (0..<3).map { fake_gpio_level(chip, $0) } }

    private func monotonic_ns() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}
