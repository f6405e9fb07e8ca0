import Foundation
import Glibc
import Synchronization
import Testing

@testable import Instruments

@Suite("SCPI over TCP") struct SCPITests {
    @Test("A meter is known by its identity and read", arguments: [false, true])
    func reads(isIPv6: Bool) throws {
        let meter = try SCPIMeter(isIPv6: isIPv6) { wire, line, _, _ in
            wire.send(line == "READ?" ? "+2.30104500E+02\n" : "0\n")
        }
        let instrument = try meter.open()
        #expect(
            instrument.name
                == "Skerry Test M1, serial 0042, at scpi://\(meter.listener.host):\(meter.listener.port)"
        )
        for _ in 0..<20 {
            let reading = try instrument.read()
            #expect(reading.value == 230.1045)
        }
        #expect(meter.listener.accepted == 1, "the connection is kept")
        #expect(
            (instrument as? any IdentifiedInstrument)?.identity
                == InstrumentIdentity(maker: "Skerry Test", model: "M1", serial: "0042"))
    }

    @Test("A host name is looked up") func hostName() throws {
        let meter = try SCPIMeter(saying: "1\n")
        let url = "scpi://localhost:\(meter.listener.port)?query=READ?&timeout_s=5"
        #expect(try Reference(parsing: url).open().read().value == 1)
        let nobody = "scpi://no-such-host.invalid?query=READ?"
        let lost = fault { () throws(InstrumentFault) in try Reference(parsing: nobody).open() }
        #expect(lost?.message.contains("host no-such-host.invalid has no address") == true)
    }

    @Test("What sets the meter up is sent after each connecting, in its order")
    func setUp() throws {
        let heard = Mutex<[String]>([])
        let meter = try SCPIMeter { wire, line, connection, _ in
            heard.withLock { $0.append("\(connection) \(line)") }
            guard line == "READ?" else { return true }
            wire.send("1\n")
            return connection > 0
        }
        let instrument = try meter.open("&init=*RST;;CONF:VOLT:DC 10;:TRIG IMM")
        #expect(try instrument.read().value == 1)
        #expect(try instrument.read().value == 1)
        let expected = [0, 1].flatMap { n in
            ["*RST", "CONF:VOLT:DC 10;:TRIG IMM", "READ?"].map { "\(n) \($0)" }
        }
        #expect(heard.withLock { $0 } == expected)
    }

    @Test("A meter without identity is still a meter")
    func nameless() throws {
        let meter = try SCPIMeter(identity: nil) { wire, _, _, _ in wire.send("5\n") }
        let instrument = try meter.open(timeout_s: 0.3)
        #expect(instrument.name == "meter at scpi://127.0.0.1:\(meter.listener.port)")
        #expect(try instrument.read().value == 5)
        let unasked = try meter.open("&idn=no")
        #expect(try unasked.read().value == 5)
    }

    @Test("An answer may come in pieces")
    func pieces() throws {
        let meter = try SCPIMeter { wire, _, _, _ in
            for byte in Array("+1.5E+00\r\n".utf8) {
                wire.send([byte])
                usleep(2000)
            }
            return true
        }
        #expect(try meter.open().read() == InstrumentReading(1.5, resolution: 0.1))
    }

    @Test("An answer that comes late is not taken for the next")
    func late() throws {
        // The first question of the first connection is answered after the time-out.
        let meter = try SCPIMeter { wire, _, connection, n in
            if connection == 0 && n == 0 { usleep(800_000) }
            return wire.send(connection == 0 ? "111\n" : "222\n")
        }
        let instrument = try meter.open(timeout_s: 0.5)
        let (first, seconds) = timed {
            fault { () throws(InstrumentFault) in try instrument.read() }
        }
        #expect(first?.message.contains("did not answer within 0.5 s") == true)
        #expect(seconds > 0.45 && seconds < 5)
        usleep(500_000)
        #expect(try instrument.read().value == 222)
    }

    @Test("What comes unasked between two questions is not the next answer")
    func unasked() throws {
        let meter = try SCPIMeter { wire, _, connection, _ in
            wire.send("\(connection)\n")
            usleep(20_000)
            return wire.send("99\n")
        }
        let instrument = try meter.open()
        #expect(try instrument.read().value == 0)
        usleep(100_000)
        #expect(try instrument.read().value == 1)
        let twice = try SCPIMeter(saying: "1\n2\n").open()
        let end = fault { () throws(InstrumentFault) in try twice.read() }
        #expect(end?.message.contains("more than one line to one question") == true)
    }

    @Test("A connection that the meter let go of is made again, once")
    func reconnects() throws {
        // Let go after the answer; after the question.
        for lapse in 0..<2 {
            let meter = try SCPIMeter { wire, _, connection, n in
                if connection == 0 && n == 1 && lapse == 1 { return false }
                wire.send("\(connection).5\n")
                return lapse == 1 || connection > 0
            }
            let instrument = try meter.open()
            #expect(try instrument.read().value == 0.5)
            #expect(try instrument.read().value == 1.5)
            #expect(meter.listener.accepted == 2)
        }
        let never = try SCPIMeter { _, _, _, _ in false }
        let instrument = try never.open()
        let end = fault { () throws(InstrumentFault) in try instrument.read() }
        #expect(end?.message.contains("closed the connection") == true)
        #expect(never.listener.accepted == 2)
    }

    @Test("Another meter at the same place is noticed")
    func exchanged() throws {
        let listener = try Listener { wire, connection in
            while let line = wire.line() {
                wire.send(line == "*IDN?" ? "Maker,M1,\(connection),1\n" : "1\n")
                guard line == "*IDN?" || connection > 0 else { return }
            }
        }
        let url = "scpi://127.0.0.1:\(listener.port)?query=READ?&timeout_s=5"
        let instrument = try Reference(parsing: url).open()
        #expect(try instrument.read().value == 1)
        let other = fault { () throws(InstrumentFault) in try instrument.read() }
        #expect(other?.message.contains("is now 'Maker,M1,1,1', it was 'Maker,M1,0,1'") == true)
    }

    @Test("A refused connection says so, at once")
    func refused() throws {
        let (port, socket) = try Listener.refusingPort()
        defer { close(socket) }
        let url = "scpi://127.0.0.1:\(port)?query=READ?"
        let (end, seconds) = timed {
            fault { () throws(InstrumentFault) in try Reference(parsing: url).open() }
        }
        #expect(end?.message == "127.0.0.1:\(port) refused the connection")
        #expect(seconds < 1.5)
    }

    @Test("A meter that is switched off in between is a fault, then a reading again")
    func switchedOff() throws {
        let meter = try SCPIMeter(saying: "3\n")
        let instrument = try meter.open()
        #expect(try instrument.read().value == 3)
        meter.listener.end()
        for _ in 0..<3 {
            let off = fault { () throws(InstrumentFault) in try instrument.read() }
            #expect(off?.message.contains("refused the connection") == true)
        }
    }

    @Test("Faults name the meter and leave the connection in step")
    func overloadThenReading() throws {
        let meter = try SCPIMeter { wire, _, _, n in
            wire.send(["+9.90000000E+37\n", "junk\n", "1,2\n", "4.0\n"][n % 4])
        }
        let instrument = try meter.open()
        let messages = (0..<3).map { _ in
            fault { () throws(InstrumentFault) in try instrument.read() }?.message ?? ""
        }
        let place = "127.0.0.1:\(meter.listener.port)"
        #expect(messages[0] == "\(place): overload")
        #expect(messages[1] == "\(place): the answer 'junk' is no number")
        #expect(messages[2].contains("2 values"))
        #expect(try instrument.read().value == 4)
        #expect(meter.listener.accepted == 1)
    }
}
