import Bench
import HAL
import LinuxBoard
import Testing

@Suite("IIO channels as a chip's pins") struct IIOPartTests {
    private let port = NoPort()

    @Test("Raw, scaled and processed inputs, in volts, amperes and degrees")
    func inputs() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        var part = IIOPart(
            uri: village.uri, device: .label("battery"), inputs: ["voltage0", "current3", "temp"],
            outputs: [])
        #expect(throws: BoardFault.self) { try part.read(0, on: port) }
        try part.configure(on: port)
        // 41200 · 1.25 mV; (−1500 + 4) · 2.5 mA; 23875 m°C.
        #expect(try part.read(0, on: port) == 51.5)
        #expect(try part.read(1, on: port) == -3.74)
        #expect(try part.read(2, on: port) == 23.875)
    }

    @Test("An output is set to the nearest count, and refused what it cannot give")
    func output() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        var part = IIOPart(
            uri: village.uri, device: .name("mcp4725"), inputs: [], outputs: ["voltage0"])
        try part.configure(on: port)
        // 1.65 V / 0.805664062 mV = 2048.0.
        try part.write(1.65, to: 0, on: port)
        #expect(village.sink.level == 2048)
        #expect(abs(try part.readBack(0, on: port) - 1.65) < 1e-4)
        #expect(throws: BoardFault.self) { try part.write(5, to: 0, on: port) }
        #expect(throws: BoardFault.self) { try part.write(.nan, to: 0, on: port) }
        #expect(village.sink.level == 2048)
    }

    @Test("What is not there, or says no number, is a fault")
    func faults() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        for (device, inputs) in [
            (IIODeviceKey.name("nobody"), []), (.label("battery"), ["voltage7"]),
        ] {
            var part = IIOPart(uri: village.uri, device: device, inputs: inputs, outputs: [])
            #expect(throws: BoardFault.self) { try part.configure(on: port) }
        }
        var part = IIOPart(
            uri: village.uri, device: .label("battery"), inputs: ["power2", "resistance0"],
            outputs: [])
        try part.configure(on: port)
        #expect(throws: BoardFault.self) { try part.read(0, on: port) }
        #expect(throws: BoardFault.self) { try part.read(1, on: port) }
        village.server.stop()
        #expect(throws: BoardFault.self) { try part.read(0, on: port) }
        #expect(throws: BoardFault.self) { try part.configure(on: port) }
    }
}
