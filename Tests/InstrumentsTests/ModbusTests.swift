import Foundation
import Glibc
import Synchronization
import Testing

@testable import Instruments

@Suite("Modbus TCP") struct ModbusTests {
    @Test(
        "Registers become numbers, in every order",
        arguments: [
            ([0x1234], "uint16", "abcd", 0x1234), ([0x1234], "uint16", "dcba", 0x3412),
            ([0xFFFE], "int16", "abcd", -2), ([0x8000, 0x0001], "int32", "abcd", -2_147_483_647),
            ([0x0001, 0x8000], "int32", "cdab", -2_147_483_647),
            ([0x0080, 0x0100], "int32", "badc", -2_147_483_647),
            ([0x0100, 0x0080], "int32", "dcba", -2_147_483_647),
            ([0xFFFF, 0xFFFF], "uint32", "abcd", 4_294_967_295),
            ([0x4366, 0x8000], "float32", "abcd", 230.5),
            ([0x8000, 0x4366], "float32", "cdab", 230.5),
            ([0x6643, 0x0080], "float32", "badc", 230.5),
            ([0x0080, 0x6643], "float32", "dcba", 230.5),
            ([0x4059, 0x0000, 0x0000, 0x0000], "float64", "abcd", 100),
            ([0x0000, 0x0000, 0x0000, 0x4059], "float64", "cdab", 100),
            ([0x5940, 0x0000, 0x0000, 0x0000], "float64", "badc", 100),
            ([0x0000, 0x0000, 0x0000, 0x5940], "float64", "dcba", 100),
        ] as [([UInt16], String, String, Double)])
    func formats(_ words: [UInt16], _ type: String, _ order: String, _ value: Double) throws {
        let type = try #require(RegisterType(rawValue: type))
        let order = try #require(RegisterOrder(rawValue: order))
        #expect(words.count == type.words)
        #expect(RegisterFormat.number(words, type, order) == value)
    }

    private func open(
        _ place: String, _ rest: String, timeout_s: Double = 5
    ) throws(InstrumentFault) -> any Instrument {
        try Reference(parsing: "modbus://\(place)/\(rest)&timeout_s=\(timeout_s)").open()
    }

    @Test("libmodbus's own server is read, holding and input, scaled", arguments: [false, true])
    func reads(isIPv6: Bool) throws {
        let server = try ModbusServer([0x4366, 0x8000, 0xFF38], at: 100, isIPv6: isIPv6)
        let volts = try open(server.place, "1/100?type=float32")
        #expect(
            volts.name == "modbus://\(server.place) unit 1 holding register 100")
        for _ in 0..<20 { #expect(try volts.read() == InstrumentReading(230.5)) }
        #expect(server.listener.accepted == 1, "the connection is kept")
        let amperes = try open(server.place, "1/102?type=int16&scale=0.01&offset=1")
        #expect(try amperes.read() == InstrumentReading(-1, resolution: 0.01))
        let input = try open(server.place, "1/102?type=int16&function=input")
        #expect(try input.read() == InstrumentReading(-199, resolution: 1))
        server.set(100, 0x7FC0, 0x0000)
        let none = fault { () throws(InstrumentFault) in try volts.read() }
        #expect(none?.message.contains("holds no finite number (nan)") == true)
    }

    @Test("Refusals are in words, and the connection stays in step")
    func exceptions() throws {
        let server = try ModbusServer([1, 2, 3])
        let beyond = try open(server.place, "1/3?type=int16")
        for _ in 0..<3 {
            let end = fault { () throws(InstrumentFault) in try beyond.read() }
            #expect(
                end?.message
                    == "\(server.place) unit 1 has no holding register 3 (exception 2)")
            #expect(end?.remedy.contains("function=input") == true)
        }
        #expect(server.listener.accepted == 1)
        let other = try open(server.place, "7/0?type=int16")
        let end = fault { () throws(InstrumentFault) in try other.read() }
        #expect(end?.message.contains("unit 7 got no answer behind the gateway") == true)
        #expect(end?.remedy == "see that unit 7 is on and wired")
    }

    @Test("Each exception has its words", arguments: 1...11)
    func exceptionWords(code: Int) throws {
        let peer = try RawModbus { wire, request, _ in
            wire.send(Array(request[0..<4]) + [0, 3, request[6], request[7] | 0x80, UInt8(code)])
        }
        let meter = try open(peer.place, "1/0?type=int16")
        let end = try #require(fault { () throws(InstrumentFault) in try meter.read() })
        #expect(end.message.hasSuffix("(exception \(code))"))
        #expect(end.message.hasPrefix("\(peer.place) unit 1 ") && !end.remedy.isEmpty)
    }

    @Test("A connection that the device let go of is made again, once")
    func reconnects() throws {
        let server = try ModbusServer([5], mostQuestions: 1)
        let meter = try open(server.place, "1/0?type=uint16")
        for n in 1...3 {
            #expect(try meter.read().value == 5)
            #expect(server.listener.accepted == n)
        }
        server.listener.end()
        let end = fault { () throws(InstrumentFault) in try meter.read() }
        #expect(end?.message.contains("refused the connection") == true)
        let never = try RawModbus { _, _, _ in false }
        let shy = try open(never.place, "1/0?type=uint16")
        let closed = fault { () throws(InstrumentFault) in try shy.read() }
        #expect(closed?.message.contains("closed the connection") == true)
        #expect(never.listener.accepted == 2)
    }

    @Test("A refused connection says so when it is opened")
    func refused() throws {
        let (port, socket) = try Listener.refusingPort()
        defer { close(socket) }
        let end = fault { () throws(InstrumentFault) in
            try open("127.0.0.1:\(port)", "1/0?type=int16")
        }
        #expect(end?.message == "127.0.0.1:\(port) refused the connection")
    }

    @Test("An answer that comes late is not taken for the next")
    func late() throws {
        let connections = Mutex(0)
        let peer = try RawModbus { wire, request, n in
            let isFirst = connections.withLock {
                $0 += n == 0 ? 1 : 0
                return $0 == 1 && n == 0
            }
            if isFirst { usleep(800_000) }
            return wire.send(RawModbus.answer(request, [isFirst ? 111 : 222]))
        }
        let meter = try open(peer.place, "1/0?type=uint16", timeout_s: 0.5)
        let (end, seconds) = timed { fault { () throws(InstrumentFault) in try meter.read() } }
        #expect(end?.message.contains("did not answer within 0.5 s") == true)
        #expect(seconds > 0.45 && seconds < 5)
        usleep(500_000)
        #expect(try meter.read().value == 222)
        #expect(peer.listener.accepted == 2)
    }

    @Test("An answer to another request is a fault, and the connection ends")
    func anotherTransaction() throws {
        let peer = try RawModbus { wire, request, _ in
            var answer = RawModbus.answer(request, [7])
            answer[1] &+= 1
            return wire.send(answer)
        }
        let meter = try open(peer.place, "1/0?type=uint16")
        for n in 1...2 {
            let end = fault { () throws(InstrumentFault) in try meter.read() }
            #expect(end?.message.contains("answers what is no Modbus") == true)
            #expect(peer.listener.accepted == n)
        }
    }

    @Test("A device that drips bytes for ever is left at the time-out")
    func drips() throws {
        let peer = try RawModbus { wire, request, _ in
            // A long answer begins as it should.
            for byte in RawModbus.answer(request, [UInt16](repeating: 1, count: 120)) {
                guard wire.send([byte]) else { return false }
                usleep(50_000)
            }
            return true
        }
        let meter = try open(peer.place, "1/0?type=float64", timeout_s: 0.3)
        let (end, seconds) = timed { fault { () throws(InstrumentFault) in try meter.read() } }
        #expect(end != nil && seconds < 5)
    }

    @Test("Whatever bytes come, a reading ends in time")
    func noise() throws {
        for seed in UInt64(1)...60 {
            let peer = try RawModbus { wire, request, n in
                var random = SplitMix(state: seed << 8 | UInt64(n))
                var answer = RawModbus.answer(request, [77])
                switch random.next() % 5 {
                case 0: answer = random.bytes(300)
                case 1: answer.removeLast(Int(random.next() % UInt64(answer.count)))
                case 2: answer[Int(random.next() % 9)] ^= 1 << UInt8(random.next() % 8)
                case 3: answer += random.bytes(20)
                default: break
                }
                return wire.send(answer)
            }
            let url = "modbus://\(peer.place)/1/0?type=uint16&timeout_s=0.05"
            let meter = try Reference(parsing: url).open()
            var slowest = 0.0
            for _ in 0..<4 {
                let (_, seconds) = timed { try? meter.read() }
                slowest = max(slowest, seconds)
            }
            #expect(slowest < 5, "seed \(seed)")
        }
    }
}
