import Foundation
import Plant
import Testing

@testable import Hil

/// Streams that no honest partner sends, from a seed.
private struct Hostility {
    var random: Random
    let inputs: [String]
    let signals: [String]
    init(seed: UInt64, _ rig: Rig) {
        random = Random(seed: seed)
        inputs = rig.inputs.map(\.name)
        signals = rig.signals.map(\.name)
    }

    mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }

    /// A JSON value of any kind.
    mutating func value(_ depth: Int = 0) -> String {
        switch below(depth > 3 ? 8 : 11) {
        case 0: return "null"
        case 1: return pick(["true", "false"])
        case 2:
            return pick([
                "0", "-0", "1e308", "-1e-308", "230", "50", "1e400", "0.02", "65536", "-1",
            ])
        case 3: return String(Double(bitPattern: random.next() & 0xBFEF_FFFF_FFFF_FFFF))
        case 4: return "\"\(pick(signals))\""
        case 5:
            return "\"\(pick(["hold", "ramp", "follow", "ideal", "", "\\u0000", "\\ud800", "é"]))\""
        case 6: return "[\((0..<below(20)).map { _ in "\(below(5000))" }.joined(separator: ","))]"
        case 7:
            return
                "{\"magnitude_V\":\(below(300)),\"angle_deg\":\(below(720)),\"frequency_Hz\":\(below(70))}"
        case 8: return "[\((0..<below(4)).map { _ in value(depth + 1) }.joined(separator: ","))]"
        default:
            let members = (0..<below(4)).map { _ in "\"\(key())\":\(value(depth + 1))" }
            return "{\(members.joined(separator: ","))}"
        }
    }
    mutating func key() -> String {
        pick([
            "request", "protocol", "for_s", "ticks", "inputs", "shape", "trace", "want", "id",
            "settings",
            "matching", "signals", "controllers", "seed", "noise_counts", "quantisation", "a", "b",
            "c",
            "magnitude_V", "magnitude_A", "angle_deg", "frequency_Hz", "raw", "active_W", "island",
            "grid_code.stages[UV1].pickup_pu", "homes[0]", "homes[mill].inverter.rating_VA", "x[",
            "..",
            "title", "controller.rate_Hz", "home_stages[new].name", "",
        ])
    }
    mutating func line() -> String {
        let request = pick([
            "hello", "advance", "advance", "advance", "settings", "set", "wish", "watch", "reset",
            "bye", "x",
        ])
        var members = ["\"request\":\"\(request)\""]
        if request == "hello" && below(4) > 0 { members.append("\"protocol\":1") }
        if request == "advance" && below(4) > 0 { members.append("\"for_s\":0.00\(below(10))") }
        if request == "wish" && below(4) > 0 { members.append("\"for_s\":\(below(100))") }
        if request == "set" && below(2) > 0 {
            members.append("\"settings\":{\"\(key())\":\(value())}")
        }
        if below(3) == 0 {
            let orders = (0..<below(4)).map { _ in "\"\(pick(inputs))\":\(value())" }
            members.append("\"inputs\":{\(orders.joined(separator: ","))}")
        }
        for _ in 0..<max(0, below(5) - 2) { members.append("\"\(key())\":\(value())") }
        return "{\(members.joined(separator: ","))}\n"
    }
    mutating func frame() -> [UInt8] {
        var maker = FrameMaker(
            below(4) == 0 ? Double(bitPattern: random.next()) : Double(below(10)) / 1000,
            shape: UInt8(below(3)), flags: UInt8(below(5)), count: UInt16(below(4)))
        for _ in 0..<below(5) {
            let number = below(5) == 0 ? below(65_536) : below(inputs.count)
            maker.body.put(UInt16(number))
            maker.body += [UInt8(below(8)), UInt8(below(20) / 19)]
            for _ in 0..<below(6) {
                maker.body.put(
                    below(2) == 0 ? UInt32(truncatingIfNeeded: random.next()) : UInt32(below(20)))
            }
        }
        return maker.frame(UInt32(below(1000)))
    }
    mutating func stream() -> [UInt8] {
        var stream = below(8) == 0 ? [] : Array("{\"request\":\"hello\",\"protocol\":1}\n".utf8)
        for _ in 0..<1 + below(6) {
            switch below(8) {
            case 0: stream += (0..<below(60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            case 1, 2: stream += frame()
            default: stream += Array(line().utf8)
            }
        }
        if below(3) == 0 {
            for _ in 0...below(4) where !stream.isEmpty {
                stream[below(stream.count)] ^= 1 << UInt8(below(8))
            }
        }
        return stream
    }
}

@Suite("Hostile partners")
struct HostileTests {
    @Test(
        "20 000 hostile streams: each is answered or ends, and what ends has let go",
        arguments: 1...8 as ClosedRange<UInt64>)
    func sessions(seed: UInt64) throws {
        let site = try SmallBoard.source.read().get()
        var hostility = Hostility(seed: seed, try Rig(site, Rig.Options()))
        var (ended, refused, advanced, held) = (0, 0, 0, 0)
        var wrong: String?
        for n in 0..<2500 {
            // A step longer than 256 ticks is one whose partner leaves.
            let talk = try Talk { false }
            let stream = hostility.stream()
            var rest = stream[...]
            while !rest.isEmpty {
                let piece = rest.prefix(1 + hostility.below(300))
                rest = rest.dropFirst(piece.count)
                talk.put(Array(piece))
            }
            let reply = String(decoding: talk.take(), as: UTF8.self)
            if reply.contains("\"code\":\"refused\"") { refused += 1 }
            if talk.session.rig?.ticks ?? 0 > 0 { advanced += 1 }
            guard talk.session.isOver else { continue }
            ended += 1
            for controller in talk.session.rig?.controllers ?? [] {
                held += controller.record.command.outputs.bits == 0 ? 0 : 1
            }
            if talk.session.serve() && wrong == nil {
                wrong = "stream \(n) is served after its end"
            }
        }
        let replay = "seed \(seed), always the same: swift test --filter HilTests.HostileTests"
        #expect(wrong == nil && held == 0, "\(wrong ?? "outputs are held"), \(replay)")
        #expect(ended > 1500 && refused > 700 && advanced > 120, "\(replay)")
    }

    @Test("20 000 texts, mangled: the reader reads or refuses, and what it read it reads again")
    func reader() throws {
        let site = try SmallBoard.source.read().get()
        var hostility = Hostility(seed: 99, try Rig(site, Rig.Options()))
        var (read, refused) = (0, 0)
        var differs: String?
        for _ in 0..<20_000 {
            var text = Array(hostility.line().utf8)
            for _ in 0..<hostility.below(3) {
                text[hostility.below(text.count)] = UInt8(hostility.below(256))
            }
            if hostility.below(4) == 0 { text.removeLast(hostility.below(text.count)) }
            let result = Result { () throws(JSONReader.Fault) in try JSONReader.read(text) }
            guard let value = try? result.get() else {
                refused += 1
                continue
            }
            read += 1
            var writer = JSONWriter()
            writer.value(value)
            let bytes = writer.bytes
            let again = Result { () throws(JSONReader.Fault) in try JSONReader.read(bytes) }
            if (try? again.get()) != value { differs = String(decoding: text, as: UTF8.self) }
        }
        #expect(differs == nil && read > 5000 && refused > 2000, "seed 99")
    }
}
