import BoardProfile
import Quantities
import Testing

@Suite("Hard input")
struct HardInputTests {
    private func bytes(_ bytes: [UInt8]) -> [String] {
        var problems = Problems()
        let source = SourceText(bytes, file: "x.yaml", problems: &problems)
        #expect((source == nil) == (problems.errors > 0))
        return problems.list.map(\.description)
    }

    @Test("What is not UTF-8 text is named")
    func encoding() {
        #expect(
            bytes(Array("a: 1\nb: caf".utf8) + [0xE9, 0x0A]) == [
                "x.yaml:2:1: error: is not UTF-8 text; save the file as UTF-8"
            ])
        #expect(
            bytes([0xFF, 0xFE, 0x61, 0]) == ["x.yaml: error: is UTF-16 text; save it as UTF-8"])
        #expect(
            bytes([UInt8](repeating: 0x20, count: 1 << 20 | 1)) == [
                "x.yaml: error: is 1048577 bytes long; keep a file below 1048576 bytes"
            ])
    }

    @Test("Nesting deeper than 32 is refused, in flow and in block style")
    func depth() {
        let flow = read(
            "title: \(String(repeating: "[", count: 40))" + String(repeating: "]", count: 40) + "\n"
        )
        #expect(flow.problems.map(\.message) == ["is nested deeper than 32"])
        let block = read(
            "title: \n" + (1..<40).map { String(repeating: " ", count: $0) + "a:\n" }.joined())
        #expect(block.problems.map(\.message) == ["is nested deeper than 32"])
    }

    @Test(
        "A mebibyte of one character is refused in good time",
        arguments: [
            "[", "{", "- ", "? ", "\"", "'", "&a ", "*a ", "!", "a: ", "|", "#", "\n", "a\n", "[a,",
            "%",
        ])
    func flood(_ unit: String) {
        let text = String(repeating: unit, count: (1 << 20) / unit.utf8.count)
        var reading: Reading<Site>?
        let time_s = threadTime_s { reading = read(text, battery: "") }
        #expect(reading?.value == nil)
        #expect(time_s < 20, "\(unit) took \(time_s) s")
    }

    @Test("A billion laughs are refused unread")
    func bomb() {
        var text = "a0: &a0 [x, x]\n"
        for n in 1...30 { text += "a\(n): &a\(n) [*a\(n - 1), *a\(n - 1)]\n" }
        let told = read(text).problems
        #expect(told.first?.message == "holds the YAML anchor &a0")
        // As keys, where the parser would compare them, and with quotes that mislead a scan.
        var keys = "k: [&a0 x\n"
        for n in 1...40 { keys += " , b 'c , &a\(n) {[*a\(n - 1), *a\(n - 1)]: 1}\n" }
        #expect(read(keys + "]\n").value == nil)
    }

    @Test("Ampersands and stars in sentences are text")
    func sentences() throws {
        for text in ["R&D *", "a & b", "2*pi", "'*x'", "\"&x *y\"", "it's *x", "x # &y *z"] {
            let reading = read("title: \(text)\n")
            let isAlias = text == "it's *x"
            #expect(reading.problems.isEmpty || isAlias, "\(text): \(reading.problems)")
        }
    }

    @Test("Units are read from names, and convert within a dimension")
    func units() throws {
        #expect(UnitSuffix(of: "capacity_Ah")?.symbol == "Ah")
        #expect(UnitSuffix(of: "ramp_W_per_s")?.symbol == "W/s")
        #expect(UnitSuffix(of: "rocof_Hz_per_s")?.dimension == .frequencyRate)
        #expect(UnitSuffix(of: "rocof_mHz_per_s")?.factor == 0.001)
        #expect(UnitSuffix(of: "irradiance_W_per_m2")?.symbol == "W/m²")
        #expect(UnitSuffix(of: "rated_power_kVA")?.dimension == .apparentPower)
        #expect(UnitSuffix(of: "gain_per_s")?.symbol == "1/s")
        #expect(UnitSuffix(of: "gain_per_s")?.stem(of: "gain_per_s") == "gain")
        #expect(UnitSuffix(of: "name") == nil)
        #expect(UnitSuffix(of: "_V") == nil)
        #expect(UnitSuffix(of: "soc_min_percent")?.stem(of: "soc_min_percent") == "soc_min")
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014), so that a seed means the same documents for ever.
private struct Dice {
    var state: UInt64
    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) >> 33) % bound
    }
}

@Suite("Mutated documents")
struct MutationTests {
    private let scraps = [
        ".nan", ".inf", "-.inf", "NaN", "1e999", "-1e999", "nan", "0x1p9", "~", "null", "&a ", "*a",
        "!!float ", "<<", "? ", "- ", ": ", "{", "}", "[", "]", "\"", "'", "|\n", ">\n", "#", "\t",
        "\n", "  ", "---\n", "...\n", "%YAML 1.1\n", "\\", ",", "1_0", "010", "é", "\u{0}",
        "\u{85}",
        "\u{1F600}", "\r", "true", "9223372036854775808", "1e-320", "-0", "+.5", "homes",
        "battery:",
    ]

    @Test(
        "5,000 mutations: no crash, and nothing that is not finite or out of range gets in",
        arguments: 0..<5)
    func mutations(_ seed: Int) {
        let base = Array((Site.section.description.exampleYAML).utf8)
        var dice = Dice(state: UInt64(seed))
        var accepted = 0
        var fault: String?
        for _ in 0..<1000 {
            var bytes = base
            for _ in 0...dice.next(2) { mutate(&bytes, &dice) }
            var problems = Problems()
            guard SourceText(bytes, file: "site.yaml", problems: &problems) != nil else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            let files = [
                "site.yaml": text, "grid-codes/name.yaml": "over_Hz: 51\n", "file.yaml": "",
            ]
            let reading = Site.section.read("site.yaml", in: folder(files))
            if reading.problems.contains(where: { $0.message.isEmpty || $0.remedy.isEmpty }) {
                fault = fault ?? "a problem without words: \(text)"
            }
            _ = reading.problems.map { $0.rendered.count + $0.json.compact.count }
            guard let site = reading.value else {
                if reading.errors.isEmpty { fault = fault ?? "refused without a reason: \(text)" }
                continue
            }
            accepted += 1
            if !inRange(site) { fault = fault ?? text }
        }
        #expect(fault == nil)
        #expect(accepted > 50, "the mutations are too rough to prove anything")
        #expect(accepted < 950, "the mutations are too mild to prove anything")
    }

    private func inRange(_ site: Site) -> Bool {
        (100...500).contains(site.nominal.value) && (100...600).contains(site.overvoltage_V)
            && (50...600).contains(site.undervoltage_V) && site.undervoltage_V < site.overvoltage_V
            && (0.01...1).contains(site.window.value) && (0.01...1).contains(site.maxSlip ?? 0.1)
            && site.delay >= .zero && site.delay <= .seconds(3600) && (1...3).contains(site.phases)
            && (1...10_000).contains(site.storage.capacity_Ah)
            && (0x08...0x77).contains(site.storage.address)
            && (0...10_000).contains(site.pump?.rating.value ?? 0)
            && site.buses.allSatisfy { (10...1000).contains($0.nominal_V) }
            && site.curve_pu.allSatisfy { (0...2).contains($0) }
            && (50...65).contains(site.code?.over_Hz ?? 50)
            && site.homes.allSatisfy { home in site.buses.contains { $0.name == home.bus } }
            && Set(site.homes.map(\.name)).count == site.homes.count
    }

    private func mutate(_ bytes: inout [UInt8], _ dice: inout Dice) {
        let at = dice.next(bytes.count)
        switch dice.next(6) {
        case 0: bytes[at] = UInt8(dice.next(256))
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(contentsOf: Array(scraps[dice.next(scraps.count)].utf8), at: at)
        case 3:
            let end = min(bytes.count, at + 1 + dice.next(20))
            bytes.insert(contentsOf: Array(bytes[at..<end]), at: dice.next(bytes.count))
        case 4:
            // The value of a line becomes a scrap: the kind of mistake people make.
            guard let colon = bytes[at...].firstIndex(of: 0x3A) else { return }
            let end = bytes[colon...].firstIndex(of: 0x0A) ?? bytes.count
            bytes.replaceSubrange(
                (colon + 1)..<end, with: Array((" " + scraps[dice.next(scraps.count)]).utf8))
        default:
            // A digit becomes another.
            guard let digit = bytes[at...].firstIndex(where: { $0 >= 0x30 && $0 <= 0x39 }) else {
                return
            }
            bytes[digit] = 0x30 + UInt8(dice.next(10))
        }
    }
}

private struct Many: Sendable { var parts: [Part] = [] }
private struct Part: Sendable {
    var name = ""
    var a_V = 1.0
    var b_V = 2.0
    var count = 1
    var kind = Chemistry.lfp
    var on = true
    var note = ""
    var d: Seconds = Seconds(1)
    var e_A = 3.0
    var f_W = 4.0
}

@Suite("Cost")
struct CostTests {
    @Test("Eight times the keys cost eight times the work, not sixty-four")
    func cost() {
        let part = Section("Part", of: Part(), "A part.") { s in
            s.number("a_V", \.a_V, 0...1000, "A.")
            s.number("b_V", \.b_V, 0...1000, "B.")
            s.integer("count", \.count, 0...10, "C.")
            s.choice("kind", \.kind, "D.")
            s.flag("on", \.on, "E.")
            s.text("note", \.note, form: .name, "F.")
            s.duration("d_ms", \.d, 0...10_000, "G.")
            s.number("e_A", \.e_A, 0...1000, "H.")
            s.number("f_W", \.f_W, 0...1000, "I.")
            s.ascending(\.a_V, \.b_V)
        }
        let section = Section("Many", of: Many(), "Many parts.") { s in
            s.map("parts", \.parts, 0...1000, part, named: \.name, kind: "part", "The parts.")
        }
        func text(_ parts: Int) -> String {
            var text = "parts:\n"
            for n in 0..<parts {
                text +=
                    "  part-\(n):\n    a_V: \(n)\n    b_V: \(n).5\n    count: 3\n    kind: nmc\n"
                text += "    on: false\n    note: word\n    d_ms: 20\n    e_A: 1e2\n    f_W: 7\n"
            }
            return text
        }
        let few = text(100), many = text(800)
        var reading = section.read(text: many)
        #expect(reading.value?.parts.count == 800)
        #expect(reading.value?.parts.last?.a_V == 799)
        #expect(reading.settings.count == 7200)
        // The least of several, in turns: both meet the same machine.
        var least = (few: Double.infinity, many: Double.infinity)
        for _ in 0..<7 {
            least.few = min(least.few, threadTime_s { reading = section.read(text: few) })
            least.many = min(least.many, threadTime_s { reading = section.read(text: many) })
        }
        let ratio = least.many / least.few
        print("800 parts of 9 keys are read in \(least.many) s, \(ratio) times what 100 cost")
        #expect(ratio < 24, "eight were linear, sixty-four square")
    }
}
