import Control
import Foundation
import Testing

@testable import Hil

/// A binary `advance`.
struct FrameMaker {
    var body: [UInt8]
    init(_ for_s: Double, shape: UInt8 = 0, flags: UInt8 = 1, count: UInt16) {
        body = []
        body.put(for_s)
        body += [shape, flags]
        body.put(count)
    }
    mutating func input(_ number: Int, _ form: UInt8, _ floats: Float...) {
        body.put(UInt16(number))
        body += [form, 0]
        for float in floats { body.put(float) }
    }
    func frame(_ number: UInt32) -> [UInt8] {
        FrameHead.frame(.advance, number: number, body: body)
    }
}

extension [UInt8] {
    func number<N: FixedWidthInteger>(_ at: Int, _: N.Type) -> N {
        withUnsafeBytes { N(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: N.self)) }
    }
    func float(_ at: Int) -> Float { Float(bitPattern: number(at, UInt32.self)) }
}

@Suite("Frames")
struct FrameTests {
    private func number(_ talk: Talk, _ name: String) throws -> Int {
        try #require(talk.session.rig).input(name)
    }

    @Test("A frame does what its line does, and says what the line says")
    func same() throws {
        let (lines, frames) = (try Talk(controllers: ["pcc"]), try Talk(controllers: ["pcc"]))
        _ = (try lines.hello(), try frames.hello())
        let names = ["pcc.grid_a_V", "pcc.grid_frequency_Hz", "pcc.islanding", "pcc.picked_up"]
        _ = try frames.ask(
            "{\"request\":\"watch\",\"signals\":[\"\(names.joined(separator: "\",\""))\"],"
                + "\"trace\":[\"pcc.grid_a_V\"]}")
        var differs: Int?
        for n in 0..<40 {
            let (v, f) = (Float(230 - 5 * n), Float(50) + Float(n) / 64)
            let r = try lines.advance(
                0.0203,
                "{\"grid\":{\"magnitude_V\":\(v),\"frequency_Hz\":\(f)},\"bus\":{\"magnitude_V\":230}}",
                ",\"shape\":\"ramp\",\"trace\":[\"grid_a_V\"]")
            var frame = FrameMaker(0.0203, shape: 1, flags: 3, count: 2)
            frame.input(try number(frames, "grid"), 1, v, .nan, f)
            frame.input(try number(frames, "bus"), 1, 230, .nan, .nan)
            frames.put(frame.frame(UInt32(n)))
            let bytes = frames.take()
            let ticks = Int(bytes.number(16 + 24, UInt32.self))
            let trace = (0..<ticks).map { bytes.float(16 + 36 + 4 * (4 + $0)) }
            let theirs = (r.at("trace", "pcc.grid_a_V") as? [Double] ?? []).map { Float($0) }
            let values = (0..<4).map { bytes.float(16 + 36 + 4 * $0) }
            let same =
                bytes[5] == 2 && bytes.number(12, UInt32.self) == UInt32(n)
                && Double(ticks) == r.number("ticks") && trace == theirs
                && values[0] == Float(r.measured("pcc", "grid_a_V"))
                && bytes.number(16, UInt64.self) == UInt64(r.number("tick"))
            if !same && differs == nil { differs = n }
        }
        #expect(differs == nil)
    }

    @Test("Events come with the frame in which they happened")
    func events() throws {
        let talk = try Talk(controllers: ["pcc"])
        _ = try talk.hello()
        _ = try talk.ask("{\"request\":\"watch\",\"signals\":[]}")
        var frame = FrameMaker(1, count: 1)
        frame.input(try number(talk, "grid"), 1, 230, .nan, .nan)
        talk.put(frame.frame(1))
        let bytes = talk.take()
        let size = Int(bytes.number(16 + 32, UInt32.self))
        let text = Data(bytes[(16 + 36)...])
        let events = try JSONSerialization.jsonObject(with: text) as? [[String: Any]] ?? []
        #expect(size == text.count && events.contains { $0["kind"] as? String == "transition" })
    }

    @Test("Samples, counts, scalars and contacts in frames; what is refused goes on")
    func forms() throws {
        let talk = try Talk(controllers: ["mill"])
        _ = try talk.hello()
        var frame = FrameMaker(0.002, count: 5)
        frame.body.put(UInt16(try number(talk, "bus_a")))
        frame.body += [5, 0]
        frame.body.put(UInt32(20))
        for _ in 0..<20 { frame.body.put(Float(100)) }
        frame.body.put(UInt16(try number(talk, "bus_b")))
        frame.body += [6, 0]
        frame.body.put(UInt32(20))
        for _ in 0..<20 { frame.body.put(Int32(2048)) }
        frame.input(try number(talk, "battery_voltage"), 2, 768)
        frame.input(try number(talk, "state_of_charge"), 3, 0.5)
        frame.body.put(UInt16(try number(talk, "main_contactor")))
        frame.body += [4, 0]
        frame.body.put(UInt32(1))
        talk.put(frame.frame(1))
        #expect(talk.take()[5] == FrameKind.advanced.rawValue)
        let controller = try #require(talk.session.rig).controllers[0]
        // 100 V at 500/2048 V a count.
        #expect(controller.sample.waves[3].counts[0] == 2048 + 410)
        #expect(controller.sample.waves[4].counts[7] == 2048)
        #expect(controller.sample[.batteryVoltage].raw == 768)
        #expect(controller.sample.contacts[Contact.mainContactor])
        var wrong = FrameMaker(0.002, count: 1)
        wrong.input(999, 2, 1)
        talk.put(wrong.frame(2))
        let reply = talk.take()
        #expect(reply[5] == FrameKind.error.rawValue && reply.number(12, UInt32.self) == 2)
        #expect(!talk.session.isOver)
    }

    @Test(
        "A head or a body that is none ends the session",
        arguments: [
            ([UInt8("S"), UInt8("K"), UInt8("H"), UInt8("X")], "not_understood"),
            (Array("SKHL".utf8) + [2], "other_version"),
            (Array("SKHL".utf8) + [1, 2], "not_understood"),
            (Array("SKHL".utf8) + [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], "not_understood"),
            (Array("SKHL".utf8) + [1, 1, 0, 0, 0, 0, 32, 0, 0, 0, 0, 0], "too_long"),
            (Array("SKHL".utf8) + [1, 1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3], "not_understood"),
            (FrameMaker(0.1, shape: 2, count: 0).frame(0), "not_understood"),
            (FrameMaker(0.1, count: 3).frame(0), "not_understood"),
        ] as [([UInt8], String)])
    func wrong(bytes: [UInt8], code: String) throws {
        let talk = try Talk(controllers: ["mill"])
        _ = try talk.hello()
        talk.put(bytes)
        let reply = String(decoding: talk.take(), as: UTF8.self)
        #expect(reply.contains("\"\(code)\"") && talk.session.isOver, "\(reply)")
    }
}

extension UInt8 {
    fileprivate init(_ letter: Character) { self = letter.asciiValue ?? 0 }
}
