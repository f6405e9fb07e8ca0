import Foundation
import Testing

@testable import Report

/// Without colours; nil when anything but a colour sequence is in it.
private func bare(_ line: String) -> String? {
    let text = line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    let clean = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    return clean ? text : nil
}

@Suite("The live view")
struct TerminalViewTests {
    static let sizes = [
        (80, 24), (60, 24), (132, 43), (200, 60), (40, 12), (20, 5), (8, 3), (1, 1), (110, 20),
        (79, 30),
    ]

    @Test("No frame is wider or higher than its terminal", arguments: 0..<100 as Range<UInt64>)
    func keepsWithin(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let frame = seed == 0 ? islandFrame() : randomFrame(&random)
        var problem: String?
        for (columns, rows) in Self.sizes {
            for (colour, unicode) in [(true, true), (false, true), (true, false), (false, false)] {
                let ability = Ability(colour: colour, unicode: unicode)
                let lines = TerminalView(columns: columns, rows: rows, ability: ability).lines(
                    frame)
                if lines.count > rows { problem = "\(lines.count) lines in \(columns)×\(rows)" }
                for line in lines {
                    guard let text = bare(line) else {
                        problem = "a control in \(line.debugDescription)"
                        continue
                    }
                    if !colour && text != line { problem = "colour in \(line.debugDescription)" }
                    // In ASCII a column is a byte: counted without the code under test.
                    let wide = unicode ? Width.of(text) : text.utf8.count
                    if wide > columns { problem = "\(wide) columns in \(columns): \(text)" }
                    if !unicode && !text.utf8.allSatisfy({ $0 < 0x80 }) {
                        problem = "beyond ASCII: \(text)"
                    }
                }
            }
        }
        #expect(problem == nil, "replay with seed \(seed)")
    }

    @Test("What matters is on an 80 × 24 and on a 60 × 24 terminal", arguments: [80, 60])
    func matters(columns: Int) {
        let ability = Ability(colour: false, unicode: true)
        let text = TerminalView(columns: columns, rows: 24, ability: ability).lines(islandFrame())
            .joined(separator: "\n")
        for wanted in [
            "12.340 s", "✕ lost", "▲ islanded", "228.7 V", "49.821 Hz", "home 1", "home 2",
            "home 3",
            "1.26", "-1.92", "79%", "▲ shedding", "●●○", "water heater", "0 overruns", "q quit",
        ] {
            #expect(text.contains(wanted), "\(wanted) in\n\(text)")
        }
    }

    @Test("Ten homes in 24 lines: those left out are counted, alarms and keys stay")
    func manyHomes() {
        var frame = islandFrame()
        frame.homes = (1...40).map { LiveFrame.Home(name: "house \($0)") }
        let lines = TerminalView(
            columns: 80, rows: 24, ability: .init(colour: false, unicode: true)
        )
        .lines(frame)
        let shown = lines.filter { $0.contains("house ") }.count
        #expect(shown >= 5)
        #expect(lines.contains { $0.contains("… and \(40 - shown) more") })
        #expect(lines.contains { $0.contains("group 3 shed") })
        #expect(lines.last?.contains("q quit") == true)
    }

    @Test("The bar of a power grows from the middle, an eighth of a cell fine")
    func signedBar() {
        func bar(_ share: Double, colour: Bool = false) -> String {
            Bars.signed(share, columns: 9, look: .plain, colour: colour)
                .text(for: .init(colour: false, unicode: true))
        }
        #expect(bar(0) == "────│────")
        #expect(bar(0.5) == "────│██──")
        #expect(bar(1) == "────│████")
        #expect(bar(7) == "────│████")
        #expect(bar(-0.5) == "──██│────")
        #expect(bar(1.0 / 32) == "────│▏───")
        #expect(bar(-11.0 / 32) == "───█│────", "halves are all there is without colour")
        #expect(bar(-12.0 / 32) == "──▐█│────")
        #expect(bar(-11.0 / 32, colour: true) == "──▋█│────", "five eighths, reversed: three")
        #expect(bar(.nan) == "────│────")
    }

    @Test("A graph has its newest value at the right and a blank for a gap")
    func graph() {
        let lines = Bars.graph([0, .nan, 1, 2], columns: 6, rows: 2, low: 0, high: 2)
        #expect(lines == ["    ▁█", "  ▁ ██"] || lines == ["     █", "  ▁ ██"])
        #expect(lines.allSatisfy { $0.count == 6 })
    }

    @Test("A curve is one unbroken line of dots, broken by a gap")
    func curve() {
        #expect(Bars.curve([0, 1, 2, 3], columns: 2, rows: 1, low: 0, high: 3) == ["⡠⠊"])
        #expect(Bars.curve([3, 0], columns: 1, rows: 1, low: 0, high: 3) == ["⢱"])
        #expect(Bars.curve([0, .nan, 3], columns: 2, rows: 2, low: 0, high: 3) == [" ⠈", "⢀ "])
        #expect(Bars.curve([0, 7], columns: 1, rows: 2, low: 0, high: 7) == ["⢸", "⡸"])
    }

    @Test("Columns are counted as a terminal counts them")
    func width() {
        for (text, columns) in [
            ("abc", 3), ("ä", 1), ("a\u{0308}", 1), ("同期", 4), ("🏠", 2), ("●○▲✕", 4), ("한글", 4),
            ("\u{200B}", 0), ("Δ°µ…", 4), ("ｆｕｌｌ", 8), ("█▏─", 3), ("‖", 1), ("\u{1B}", 0),
        ] {
            #expect(Width.of(text) == columns, "\(text)")
        }
        #expect(Width.cut("同期中です", to: 6) == "同期…")
        #expect(Width.of(Width.cut("同期中です", to: 5)) == 5)
        #expect(Width.cut("abc", to: 3) == "abc")
        #expect(Width.cut("a\u{1B}[2Jb", to: 9) == "a [2Jb")
    }

    @Test("Colour and blocks only where they can be shown")
    func ability() {
        #expect(
            Ability(environment: ["LANG": "de_DE.UTF-8", "TERM": "xterm"], isTerminal: true)
                == Ability(colour: true, unicode: true))
        #expect(!Ability(environment: ["LANG": "C"], isTerminal: true).unicode)
        #expect(
            !Ability(environment: ["LC_ALL": "C", "LANG": "C.UTF-8"], isTerminal: true).unicode)
        #expect(Ability(environment: ["LC_ALL": "", "LANG": "C.utf8"], isTerminal: true).unicode)
        #expect(!Ability(environment: ["NO_COLOR": "1"], isTerminal: true).colour)
        #expect(Ability(environment: ["NO_COLOR": ""], isTerminal: true).colour)
        #expect(!Ability(environment: [:], isTerminal: false).colour)
        #expect(!Ability(environment: ["TERM": "dumb"], isTerminal: true).colour)
    }
}
