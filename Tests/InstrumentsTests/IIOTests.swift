import Glibc
import Testing

@testable import Instruments

@Suite("IIO meters") struct IIOTests {
    private func open(_ peer: IIOPeer, _ rest: String, timeout_s: Double = 5)
        throws(InstrumentFault) -> any Instrument
    {
        try Reference(
            parsing: "iio://ip:127.0.0.1:\(peer.listener.port)/\(rest)?timeout_s=\(timeout_s)"
        ).open()
    }
    private static func attributes(_ name: String, _: Int) -> String? {
        ["voltage0 raw": "1234", "voltage0 scale": "0.5", "current1 input": "2500"][name]
    }

    @Test("Counts are scaled to volts, processed values are taken as they are")
    func reads() throws {
        let peer = try IIOPeer(Self.attributes)
        let volts = try open(peer, "dmm/voltage0")
        #expect(volts.name == "iio ip:127.0.0.1:\(peer.listener.port) dmm voltage0 in V")
        let reading = try volts.read()
        #expect(abs(reading.value - 0.617) < 1e-12 && abs(reading.resolution - 0.5e-3) < 1e-15)
        #expect(try open(peer, "bench/current1").read() == InstrumentReading(2.5))
    }

    @Test("What is missing is named with what is there")
    func missing() throws {
        let peer = try IIOPeer(Self.attributes)
        let device = fault { () throws(InstrumentFault) in try open(peer, "dmn/voltage0") }
        #expect(device?.message.contains("has no device 'dmn'") == true)
        #expect(device?.remedy == "it has dmm")
        let channel = fault { () throws(InstrumentFault) in try open(peer, "dmm/voltage7") }
        #expect(channel?.message.contains("dmm has no input 'voltage7'") == true)
        #expect(channel?.remedy == "it has voltage0, current1")
    }

    @Test("Garbage is a fault; a server that lets go is asked again, once")
    func faults() throws {
        let garbage = try IIOPeer { name, _ in name == "voltage0 raw" ? "0x10" : "1" }
        let meter = try open(garbage, "dmm/voltage0")
        let end = fault { () throws(InstrumentFault) in try meter.read() }
        #expect(end?.message.contains("does not answer as it should") == true)
        let peer = try IIOPeer { name, connection in
            connection == 0 ? nil : Self.attributes(name, connection)
        }
        #expect(try open(peer, "bench/current1").read().value == 2.5)
        #expect(peer.listener.accepted == 2)
    }

    @Test("Nobody there, and a server that says nothing, are faults in time")
    func nobody() throws {
        let (port, socket) = try Listener.refusingPort()
        defer { close(socket) }
        let refused = fault { () throws(InstrumentFault) in
            try Reference(parsing: "iio://ip:127.0.0.1:\(port)/dmm/voltage0").open()
        }
        #expect(refused?.message.contains("dmm voltage0") == true)
        let peer = try IIOPeer { name, _ in
            usleep(900_000)
            return Self.attributes(name, 0)
        }
        let meter = try open(peer, "bench/current1", timeout_s: 0.5)
        let (end, seconds) = timed { fault { () throws(InstrumentFault) in try meter.read() } }
        #expect(end?.message.contains("did not answer in time") == true)
        #expect(seconds < 5 && peer.listener.accepted == 1)
    }
}
