import HAL
import Quantities
import Testing

@testable import LinuxBoard

/// A bus whose chip is out of its mind: random bytes, at times too few, too many, or a fault.
private final class MadPort: I2CPort {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// What was last written, which a sane chip would give back.
    private var written: [UInt8] = []

    /// What the chips that can say so are, so that set-up gets past the question.
    private var identities: [[UInt8]: [UInt8]] {
        [
            [0xFE]: [0x54, 0x49], [0xFF]: next() % 2 == 0 ? [0x22, 0x60] : [0x32, 0x20],
            [0x00, 0xFD]: [0x35],
        ]
    }

    func transfer(
        _ address: UInt8, write bytes: [UInt8], read count: Int
    ) throws(BoardFault) -> [UInt8] {
        if count == 0 { written = bytes }
        if next() % 8 != 0, let answer = identities[bytes] { return answer }
        if count == 0, next() % 8 != 0 { return [] }
        switch next() % 16 {
        case 0: throw BoardFault(.notPresent, code: 6)
        case 1: throw BoardFault(.timeout, code: 110)
        case 2: return random(count + 1)
        case 3: return random(max(0, count - 1))
        case 4: return [UInt8](repeating: 0, count: count)
        case 5: return [UInt8](repeating: 0xFF, count: count)
        // Mostly it echoes, so that set-up goes on to its end.
        case 6...12 where written.count >= count: return Array(written.suffix(count))
        default: return random(count)
        }
    }
    private func random(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

@Suite("No answer crashes a driver") struct FuzzTests {
    /// What a case did: a reading that no chip can give, and whether set-up came to its end.
    private struct Outcome {
        var wrong: String?
        var isSetUp = false
        var readings = 0
    }

    /// One case: each verb of the chip, whatever comes back.
    private func run(_ chip: any Chip, _ port: MadPort) -> Outcome {
        var outcome = Outcome()
        var chip = chip
        _ = try? chip.identify(on: port)
        outcome.isSetUp = (try? chip.configure(on: port)) != nil
        if var meter = chip as? any Meter {
            for n in meter.inputs.indices {
                guard let value = try? meter.read(n, on: port) else { continue }
                if value.isInfinite { outcome.wrong = "input \(n) is infinite" }
                outcome.readings += value.isNaN ? 0 : 1
            }
        }
        if var output = chip as? any ReferenceOutput {
            let any = Float(bitPattern: UInt32(truncatingIfNeeded: port.next()))
            for value in [Float.nan, .infinity, -.infinity, any] {
                try? output.write(value, to: 0, on: port)
                guard let value = try? output.readBack(0, on: port) else { continue }
                if value.isInfinite { outcome.wrong = "the output is infinite" }
                outcome.readings += 1
            }
        }
        if var expander = chip as? any Expander {
            outcome.readings += (try? expander.levels(on: port)) != nil ? 1 : 0
            try? expander.drive(UInt16(truncatingIfNeeded: port.next()), on: port)
        }
        return outcome
    }

    @Test("10 000 random answers each", arguments: Catalogue.chips.map(\.name))
    func random(name: String) throws {
        var chip = try CatalogueTests.chip(try Catalogue.chip(name))
        if var ads = chip as? ADS1115 {
            ads.pause = { (_: Seconds) in }
            chip = ads
        } else if var ads = chip as? ADS1015 {
            ads.pause = { (_: Seconds) in }
            chip = ads
        }
        var failing: String?
        var setUps = 0
        var readings = 0
        for seed in 0..<10_000 as Range<UInt64> {
            let outcome = run(chip, MadPort(seed: seed))
            setUps += outcome.isSetUp ? 1 : 0
            readings += outcome.readings
            if let wrong = outcome.wrong {
                failing = "\(wrong), seed \(seed)"
                break
            }
        }
        #expect(failing == nil, "\(name)")
        // The cases went all the way through, not only to the first doubt.
        #expect(setUps > 10 && readings > 100, "\(name): \(setUps) set up, \(readings) read")
    }
}
