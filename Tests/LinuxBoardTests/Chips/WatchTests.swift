import HAL
import Testing

@testable import LinuxBoard

/// A bit that turned in a chip that goes on answering is found within a few rounds of readings.
@Suite("Registers are looked at again") struct WatchTests {
    /// Remembers 16-bit registers as they are written, and answers as a chip that measures nothing.
    private final class Registers: I2CPort {
        var words: [UInt8: UInt16]
        init(_ words: [UInt8: UInt16]) { self.words = words }
        func transfer(
            _ address: UInt8, write bytes: [UInt8], read count: Int
        ) throws(BoardFault) -> [UInt8] {
            if bytes.count == 3 { words[bytes[0]] = UInt16(bytes[1]) << 8 | UInt16(bytes[2]) }
            guard count == 2 else { return [] }
            let word = words[bytes[0]] ?? 0x0100
            return [UInt8(word >> 8), UInt8(word & 0xFF)]
        }
    }

    @Test("Each register gets its turn, one in sixteen readings")
    func turns() {
        var watch = Watch()
        let turns = (0..<160).map { _ in watch.turn(of: 3) }
        #expect(turns.compactMap { $0 } == [1, 2, 0, 1, 2, 0, 1, 2, 0, 1])
        #expect((turns.firstIndex { $0 != nil }) == 15)
    }

    /// Registers of each chip that a bit may turn in, and what the chip says it is.
    static let cases: [(name: String, register: UInt8)] = [
        ("ina226", 0x05), ("ina226", 0x00), ("ina219", 0x05), ("ina219", 0x00), ("ina3221", 0x00),
    ]

    @Test("A turned bit becomes a fault", arguments: cases)
    func turned(name: String, register: UInt8) throws {
        let port = Registers([
            0xFE: 0x5449, 0xFF: name == "ina3221" ? 0x3220 : 0x2260, 0x02: 0x1002, 0x0F: 1,
        ])
        var meter = try #require(
            try CatalogueTests.chip(try Catalogue.chip(name)) as? any Meter)
        try meter.configure(on: port)
        for _ in 0..<200 { _ = try meter.read(0, on: port) }
        port.words[register, default: 0] ^= 0x0010
        var readings = 0
        let fault = #expect(throws: BoardFault.self) {
            while readings < 200 {
                _ = try meter.read(0, on: port)
                readings += 1
            }
        }
        #expect(fault == .differs && readings < 48)
        // Setting up again puts it right.
        try meter.configure(on: port)
        for _ in 0..<200 { _ = try meter.read(0, on: port) }
    }
}
