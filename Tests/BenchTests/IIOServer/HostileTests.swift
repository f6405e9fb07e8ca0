import Bench
import Glibc
import Plant
import Testing

@Suite("Hostile clients of the IIO server") struct HostileTests {
    @Test("Each kind of nonsense has its errno and the talk goes on") func errnos() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        let c = try #require(RawClient(port: village.server.port))
        let long = String(repeating: "A", count: 5000)
        let digits = String(repeating: "9", count: 900)
        let expected: [(String, String)] = [
            ("HELLO", "-22"), (long, "-22"), ("TIMEOUT \(digits)", "-22"), ("TIMEOUT 1000", "0"),
            ("READ iio:device9 raw", "-19"), ("READ iio:device0 nothing", "-2"),
            ("READ iio:device0 INPUT voltage99 raw", "-6"),
            ("READ iio:device1 INPUT power2 input", "-5"), ("ZPRINT", "-22"),
            ("READBUF iio:device0 512", "-9"), ("READBUF iio:device0 \(digits)", "-22"),
            ("CLOSE iio:device0", "-6"), ("CLOSE nothing", "-19"),
            ("OPEN iio:device1 16 00000001", "-22"), ("OPEN iio:device0 16 00000000", "-22"),
            ("OPEN iio:device0 16 ffffffff", "-22"),
            ("OPEN iio:device0 16 0000000000000001", "-22"),
            ("OPEN iio:device0 0 00000001", "-22"),
            ("OPEN iio:device0 999999999999999999 00000001", "-12"),
            ("OPEN iio:device0 16 00000001 CYCLIC", "-22"), ("OPEN iio:device0 16 00000001", "0"),
            ("OPEN iio:device0 16 00000001", "-16"), ("READBUF iio:device0 3", "-22"),
            ("READBUF iio:device0 0", "-22"), ("WRITEBUF iio:device0 32", "-9"),
            ("SETTRIG iio:device0 nothing", "-2"), ("SETTRIG iio:device0 trigger0", "-16"),
            ("SET iio:device0 BUFFERS_COUNT 0", "-22"), ("SET iio:device0 BUFFERS_COUNT 8", "0"),
            ("GETTRIG iio:device0", "0"), ("GETTRIG trigger0", "-2"), ("CLOSE iio:device0", "0"),
            ("WRITE iio:device1 words 0", "-22"), ("VERSION", "0.24.skerry1"),
        ]
        for (request, answer) in expected {
            #expect(c.ask(request) == answer, "\(request.prefix(60))")
        }
        // Data that nobody may send us: refused, and the line is cut, for what follows is data.
        #expect(c.ask("WRITE iio:device1 words 999999999") == "-90")
        #expect(c.line() == nil)
    }

    @Test("All attributes of a place are read and written at once") func blocks() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        let c = try #require(RawClient(port: village.server.port))
        // Lengths in network order, values with their NUL, filled up to four bytes.
        #expect(c.ask("READ iio:device1 INPUT voltage0 ") == "28")
        #expect(c.line() == "\0\0\0\u{6}41200\0\0\0\0\0\0\u{C}1.250000000\0")
        #expect(c.ask("READ iio:device1 INPUT power2 ") == "4")
        #expect(c.line()?.utf8.suffix(1).isEmpty == false)
        c.send(Array("WRITE iio:device1  12\r\n".utf8) + [0, 0, 0, 4] + Array("910\0".utf8))
        c.send([0xFF, 0xFF, 0xFF, 0xFF])
        #expect(c.line() == "12")
        #expect(c.ask("READ iio:device1 in_sampling_frequency") == "4")
        #expect(c.line() == "910\0")
        c.send(
            Array("WRITE iio:device1  8\r\n".utf8) + [0x7F, 0xFF, 0xFF, 0xFF] + Array("910\0".utf8))
        #expect(c.line() == "-22")
        #expect(c.ask("VERSION") == "0.24.skerry1")
    }

    @Test("Who does not read loses rows and nobody else's time") func lazy() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1), pace: .realTime)
        defer { village.server.stop() }
        let c = try #require(RawClient(port: village.server.port))
        #expect(c.ask("SET iio:device0 BUFFERS_COUNT 1") == "0")
        #expect(c.ask("OPEN iio:device0 8 00000200") == "0")
        // 16 rows are kept, 2 ms.
        for _ in 0..<500 {
            if village.server.figures(device: "village")!.lost > 0 { break }
            usleep(10_000)
        }
        #expect(village.server.figures(device: "village")!.lost > 0)
        #expect(c.ask("READBUF iio:device0 64") == "64")
        #expect(c.line() == "00000200")
    }

    @Test("Sixteen megabytes without a newline are one bad line") func endless() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        let c = try #require(RawClient(port: village.server.port))
        let piece = [UInt8](repeating: 0x41, count: 1 << 20)
        for _ in 0..<16 { #expect(c.send(piece)) }
        #expect(c.ask("") == "-22")
        #expect(c.ask("VERSION") == "0.24.skerry1")
    }

    @Test(
        "Whatever seeded random clients send, the next one is served",
        arguments: 0..<40 as Range<UInt64>)
    func random(_ seed: UInt64) throws {
        let village = try VillageServer(Self.waves)
        defer { village.server.stop() }
        var random = Random(seed: seed)
        for _ in 0..<4 {
            let c = try #require(RawClient(port: village.server.port))
            for _ in 0..<60 where !c.send(Self.nonsense(&random)) { break }
            c.finish()
            c.drain(most: 1 << 16)
        }
        let after = try #require(RawClient(port: village.server.port))
        #expect(after.ask("VERSION") == "0.24.skerry1", "seed \(seed)")
        #expect(after.ask("READ iio:device1 words") == "10")
        #expect(after.line() == "two words\0")
    }
    private static let waves = VillageServer.waves(seed: 1)

    /// A line out of words that mean something, numbers at the edges and bytes that mean nothing; now
    /// and then without its end.
    private static func nonsense(_ r: inout Random) -> [UInt8] {
        let words = [
            "READ", "WRITE", "OPEN", "CLOSE", "READBUF", "WRITEBUF", "GETTRIG", "SETTRIG",
            "TIMEOUT",
            "PRINT", "VERSION", "SET", "BUFFERS_COUNT", "INPUT", "OUTPUT", "DEBUG", "BUFFER",
            "CYCLIC",
            "iio:device0", "iio:device1", "iio:device2", "trigger0", "voltage0", "raw", "words",
            "0",
            "1", "2", "64", "1024", "-1", "4294967296", "999999999999999999", "00000001",
            "000003ff",
            "0000000000000001", "ffffffff", "zprint", "%s%n", "../../etc/passwd",
        ]
        func pick(_ n: Int) -> Int { Int(r.next() % UInt64(n)) }
        var line: [UInt8] = []
        // Half of them begin like a request that has a buffer or data behind it.
        switch pick(8) {
        case 0: line += Array("OPEN iio:device0 64 000003ff".utf8)
        case 1: line += Array("READBUF iio:device0 2048".utf8)
        case 2: line += Array("OPEN iio:device2 64 00000001".utf8)
        case 3: line += Array("WRITEBUF iio:device2 128".utf8)
        default:
            for _ in 0...pick(6) {
                line += Array(words[pick(words.count)].utf8)
                line.append([0x20, 0x20, 0x20, 0x09, 0x00][pick(5)])
            }
        }
        if pick(6) == 0 {
            for _ in 0..<pick(2000) { line.append(UInt8(truncatingIfNeeded: r.next())) }
        }
        if pick(20) != 0 { line += [0x0D, 0x0A] }
        return line
    }
}
