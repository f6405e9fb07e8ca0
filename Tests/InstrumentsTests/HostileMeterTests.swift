import Foundation
import Glibc
import Testing

@testable import Instruments

/// Numbers that a seed repeats (Steele, Lea and Flood, SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func bytes(_ most: Int) -> [UInt8] {
        (0..<Int(next() % UInt64(most + 1))).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

@Suite("A hostile meter") struct HostileMeterTests {
    @Test("One that goes on without an end of line is cut off")
    func endless() throws {
        let meter = try SCPIMeter { wire, _, _, _ in
            let much = [UInt8](repeating: UInt8(ascii: "1"), count: 65_536)
            for _ in 0..<1000 { guard wire.send(much) else { return false } }
            return false
        }
        let instrument = try meter.open()
        let (end, seconds) = timed { fault { () throws(InstrumentFault) in try instrument.read() } }
        #expect(end?.message.contains("bytes without the end of a line") == true)
        #expect(seconds < 5)
    }

    @Test("One that drips bytes for ever is left at the time-out")
    func drips() throws {
        let meter = try SCPIMeter { wire, _, _, _ in
            for _ in 0..<1000 {
                guard wire.send("1") else { return false }
                usleep(20_000)
            }
            return false
        }
        let instrument = try meter.open(timeout_s: 0.3)
        let (end, seconds) = timed { fault { () throws(InstrumentFault) in try instrument.read() } }
        #expect(end?.message.contains("did not answer within") == true)
        #expect(seconds > 0.25 && seconds < 5)
    }

    @Test("One that listens and says nothing is left at the time-out")
    func deaf() throws {
        let listener = try Listener { wire, _ in while wire.line() != nil {} }
        let url = "scpi://127.0.0.1:\(listener.port)?query=READ?&timeout_s=0.2"
        let (end, seconds) = timed {
            fault { () throws(InstrumentFault) in try Reference(parsing: url).open().read() }
        }
        #expect(end?.message.contains("did not answer within 0.2 s") == true)
        #expect(seconds < 5)
    }

    @Test("One that stops in the middle of a line gives no reading")
    func half() throws {
        let meter = try SCPIMeter { wire, _, _, _ in
            wire.send("1.23")
            return false
        }
        let instrument = try meter.open()
        let end = fault { () throws(InstrumentFault) in try instrument.read() }
        #expect(end?.message.contains("closed the connection") == true)
    }

    @Test("An identity is no more than text")
    func identity() throws {
        let meter = try SCPIMeter(
            identity: "\u{1B}]0;x\u{7},M,\(String(repeating: "9", count: 500))"
        ) {
            wire, _, _, _ in wire.send("1\n")
        }
        let name = try meter.open().name
        #expect(name.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 > 0x7F })
        #expect(name.hasPrefix(#"\x1B]0;x\x07 M, serial 999"#) && name.count < 200)
    }

    @Test("Whatever bytes come, a reading ends in time, as a fault or as a number")
    func noise() throws {
        for seed in UInt64(1)...60 {
            let meter = try SCPIMeter { wire, _, connection, n in
                var noise = SplitMix(state: seed << 16 | UInt64(connection * 8 + n))
                // Never a number by chance.
                var bytes = [0x78] + noise.bytes(60)
                if noise.next() % 3 == 0 { bytes = Array("+1.\(noise.next() % 100)E0".utf8) }
                if noise.next() % 2 == 0 { bytes.append(0x0A) }
                return wire.send(bytes) && noise.next() % 4 != 0
            }
            let url = meter.url(timeout_s: 0.05)
            var slowest = 0.0
            var bad = 0
            do throws(InstrumentFault) {
                let instrument = try Reference(parsing: url).open()
                for _ in 0..<4 {
                    let (reading, seconds) = timed { try? instrument.read() }
                    slowest = max(slowest, seconds)
                    if let reading, !(reading.value >= 1 && reading.value < 2) { bad += 1 }
                }
            } catch {
                #expect(!error.remedy.isEmpty)
            }
            #expect(slowest < 5 && bad == 0, "seed \(seed)")
        }
    }
}
