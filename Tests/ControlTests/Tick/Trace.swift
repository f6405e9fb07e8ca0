import Foundation
import Quantities

@testable import Control

/// A golden trace: a text file whose first line says why it is there, then what happens to a test
/// bench (`site …`, `at TICK …`, `until TICK`), a line of dashes, and what the controller did: a line
/// for every tick in which a word of it changed.
struct Trace {
    let why: String
    let site: ControllerSettings
    let until: UInt64
    let happenings: [(tick: UInt64, words: [String])]
    let stimulus: [String]
    let expected: [String]

    struct Unreadable: Error, CustomStringConvertible { let description: String }

    init(_ text: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let dashes = lines.firstIndex { $0.hasPrefix("---") } ?? lines.count
        stimulus = Array(lines.prefix(dashes))
        expected = lines.dropFirst(dashes + 1).filter { !$0.isEmpty }
        why = lines.first ?? ""
        var site: ControllerSettings?
        var until: UInt64?
        var happenings: [(UInt64, [String])] = []
        for line in stimulus.dropFirst() where !line.isEmpty {
            let words = line.split(separator: " ").map(String.init)
            switch words.first {
            case "site": site = TestSite.named(words[1])
            case "until": until = UInt64(words[1])
            case "at":
                guard let tick = UInt64(words[1]) else { throw Unreadable(description: line) }
                happenings.append((tick, Array(words.dropFirst(2))))
            default: throw Unreadable(description: line)
            }
        }
        guard let site, let until else { throw Unreadable(description: "site or until is missing") }
        self.site = site
        self.until = until
        self.happenings = happenings
    }

    /// The controller's doings in words.
    func run() throws -> [String] {
        var bench = TestBench(site)
        var lines: [String] = []
        var last = ""
        var next = 0
        var passed: UInt64 = 1
        while bench.now < until {
            while next < happenings.count, happenings[next].tick <= bench.now + 1 {
                try Self.apply(happenings[next].words, to: &bench, passed: &passed)
                next += 1
            }
            bench.turn(passed: passed)
            let words = Self.words(bench.record)
            if words != last {
                let tick = String(bench.now)
                lines.append(String(repeating: " ", count: max(0, 6 - tick.count)) + tick + words)
            }
            last = words
        }
        return lines
    }

    private static func channel(_ name: String) throws -> UInt8 {
        if let w = WaveChannel.allCases.first(where: { "\($0)" == name }) { return w.rawValue }
        if let s = ScalarChannel.allCases.first(where: { "\($0)" == name }) {
            return 16 + s.rawValue
        }
        throw Unreadable(description: "no channel \(name)")
    }

    private static func apply(
        _ words: [String], to bench: inout TestBench, passed: inout UInt64
    ) throws {
        let number = words.count > 1 ? Double(words[words.count - 1]) : nil
        func value() throws -> Double {
            guard let number else { throw Unreadable(description: "\(words)") }
            return number
        }
        switch words[0] {
        case "grid": bench.grid.voltage_V = try value()
        case "grid_Hz": bench.grid.frequency_Hz = try value()
        case "grid_turns": bench.grid.turns += try value()
        case "neighbours": bench.neighbours.voltage_V = try value()
        case "neighbours_Hz": bench.neighbours.frequency_Hz = try value()
        case "power": bench.power_W = try value()
        case "precharge": bench.precharges = words[1] == "works"
        case "skip": passed = UInt64(try value())
        case "freeze": bench.frozen.insert(try channel(words[1]))
        case "stale": bench.stale.insert(try channel(words[1]))
        case "fresh":
            bench.stale.remove(try channel(words[1]))
            bench.frozen.remove(try channel(words[1]))
            bench.scaled[try channel(words[1])] = nil
        case "scale": bench.scaled[try channel(words[1])] = try value()
        case "value":
            let c = try channel(words[1])
            bench.scalars[ScalarChannel(rawValue: c - 16)!] = Float(try value())
        case "contact":
            guard let c = Contact.allCases.first(where: { "\($0)" == words[1] }) else {
                throw Unreadable(description: "\(words)")
            }
            switch words[2] {
            case "follows": bench.habits[c] = .follows
            case "deaf": bench.habits[c] = .deaf
            default: bench.habits[c] = .says(words[2] == "closed")
            }
        case "wish":
            var wish = Setpoints(expires: Tick(bench.now + 1000))
            bench.renews = true
            for word in words.dropFirst() {
                let parts = word.split(separator: "=")
                switch parts[0] {
                case "island": wish.island = true
                case "disconnect": wish.connect = false
                case "acknowledge": wish.acknowledge = true
                case "tied": wish.tied = true
                case "guarded": wish.guarded = true
                case "once": bench.renews = false
                case "active": wish.active = Watts(Float(parts[1])!)
                case "bias": wish.frequencyBias = Hertz(Float(parts[1])!)
                case "none": wish = .fallback
                default: throw Unreadable(description: word)
                }
            }
            bench.wish = wish
        default: throw Unreadable(description: "\(words)")
        }
    }

    private static func name<T>(_ state: T) -> String {
        // The name of the case, and of a reason or cause inside it; no ticks.
        var text = "\(state)".replacingOccurrences(of: "Control.", with: "")
        for type in ["IslandReason.", "Cause."] {
            text = text.replacingOccurrences(of: type, with: "")
        }
        let head = text.prefix { $0 != "(" }
        guard text.count > head.count else { return String(head) }
        let inside = text.dropFirst(head.count + 1).prefix { $0 != "," && $0 != ")" }
        return inside.contains(":")
            ? String(head) : "\(head)(\(inside.replacingOccurrences(of: "(", with: " ")))"
    }

    static func words(_ r: Record) -> String {
        var parts: [String] = []
        if let s = r.islanding {
            parts.append("\(name(s)) grid \(r.gridPresence)")
            if r.islandCause != .none { parts.append("because \(name(r.islandCause))") }
        }
        parts.append("bus \(r.busPresence)")
        if let s = r.contactor { parts.append("contactor \(name(s))") }
        if r.contactor == .open && r.contactorCause == .noBatteryVoltage {
            parts.append("no battery voltage")
        }
        if let s = r.source { parts.append("source \(name(s))") }
        if let s = r.der {
            parts.append("der \(name(s))")
            if r.command.outputs[Output.inverterEnable] {
                parts.append("inverter \(r.command.inverter.mode)")
            }
        }
        if r.command.converter.isOn { parts.append("converter on") }
        if r.loads != 0xF { parts.append("loads \(String(r.loads, radix: 2))") }
        if r.verdict.tripped != 0 { parts.append("tripped \(String(r.verdict.tripped, radix: 2))") }
        if r.verdict.blinded != 0 { parts.append("blinded \(String(r.verdict.blinded, radix: 2))") }
        if r.verdict.mustIsland {
            parts.append(must("ISLAND", r.verdict.islandCause, r.verdict.islandBlind))
        }
        if r.verdict.mustTripSource {
            parts.append(must("TRIP", r.verdict.sourceCause, r.verdict.sourceBlind))
        }
        if r.verdict.mustCease {
            parts.append(must("CEASE", r.verdict.ceaseCause, r.verdict.ceaseBlind))
        }
        if !r.verdict.blind.isEmpty { parts.append("blind \(names(r.verdict.blind))") }
        if r.disobedient.bits != 0 {
            parts.append("disobedient \(String(r.disobedient.bits, radix: 2))")
        }
        if r.refusedSetpoints > 0 { parts.append("refused \(r.refusedSetpoints)") }
        return parts.map { " | \($0)" }.joined()
    }

    private static func must(_ what: String, _ cause: Cause, _ blind: ChannelSet) -> String {
        cause == .blind
            ? "MUST \(what) blind(\(names(blind)))" : "MUST \(what) \(name(cause))"
    }

    private static func names(_ set: ChannelSet) -> String {
        var names = WaveChannel.allCases.filter { set.meets(.wave($0)) }.map { "\($0)" }
        names += ScalarChannel.allCases.filter { set.meets(.scalar($0)) }.map { "\($0)" }
        names += Contact.allCases.filter { set.meets(.contact($0)) }.map { "\($0)" }
        return names.joined(separator: " ")
    }

    /// Where two lists of lines part, readable: a few lines before, then − expected and + came.
    static func difference(_ expected: [String], _ came: [String]) -> String? {
        guard expected != came else { return nil }
        var k = 0
        while k < expected.count && k < came.count && expected[k] == came[k] { k += 1 }
        var lines = expected[max(0, k - 2)..<k].map { "  \($0)" }
        lines += expected.dropFirst(k).prefix(6).map { "− \($0)" }
        lines += came.dropFirst(k).prefix(6).map { "+ \($0)" }
        return lines.joined(separator: "\n")
    }
}
