import BoardProfile
import Control
import Foundation
import Testing

@testable import Calibration

@Suite("A calibration record's file") struct RecordFileTests {
    private func read(_ text: String, _ channel: Calibrated = .scalar(.batteryVoltage))
        -> RecordFile.Outcome
    { RecordFile.read(Array(text.utf8), "c.yaml", channel) }

    /// What is told of a file; nil where it is taken, "torn" where it has no digest.
    private func tell(_ text: String, _ channel: Calibrated = .scalar(.batteryVoltage)) -> [String]?
    {
        switch read(text, channel) {
        case .found: nil
        case .torn: ["torn"]
        case .refused(let problems): problems.map(\.description)
        }
    }

    private let sample = String(
        decoding: RecordFile.sealed(.sample(), previous: nil).bytes, as: UTF8.self)

    /// The sample in which `old` stands as `new`, sealed as if it had been written so.
    private func sealed(_ old: String, _ new: String) -> String {
        precondition(sample.contains(old), "the sample has no \(old)")
        let body = sample.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
        return String(
            decoding: Seal.sealed(body.replacing(old, with: new)).bytes, as: UTF8.self)
    }

    @Test("It is what a person can read")
    func golden() {
        let lines = sample.split(separator: "\n").map(String.init)
        #expect(
            lines.dropLast() == [
                "# Calibration 1 of battery_voltage. Written by skerry, and refused once it is changed by hand.",
                "format: 1", "channel: battery_voltage", "number: 1", "board: \"pi-dc48\"",
                "serial: \"10000000f2a1\"", "person: \"A. Installer\"",
                "time: \"2026-11-22T10:10:00.25Z\"", "temperature_degC: 21.5",
                "software: \"0.5.0\"", "nominal:", "  from: \"battery.bus_voltage\"", "  gain: 1",
                "  offset: 0", "  resolution: 0.00125", "  lowest: 0", "  highest: 81.92",
                "  alternating: false", "coefficients:", "  zero_V: -0.0131", "  scale: 0.0101",
                "  curvature_per_V: 0", "  zero_V_per_K: 0", "  scale_per_K: 0",
                "  temperature_degC: 21.5", "  phase_deg: 0", "  skew_s: 0", "range:",
                "  lowest_V: 0", "  highest_V: 57.6", "uncertainty:", "  covariance:",
                "    zero: [1e-06, -2e-08, 0]", "    scale: [-2e-08, 1e-09, 0]",
                "    curvature: [0, 0, 0]", "  parts:",
                "    - {name: \"reference\", kind: B, zero_V: 0.003, scale: 0.0002}",
                "    - {name: \"resolution\", kind: B, zero_V: 0.00036, scale: 0}",
                "  phase_deg: 0", "  skew_s: 0", "reference:", "  model: \"Fluke 87V\"",
                "  serial: \"12345678\"", "  certificate: \"D-K-15070-01-00\"",
                "  due: \"2027-03-31\"", "  form: limits", "  of_reading: 0.0005",
                "  absolute_V: 0.01", "  resolution_V: 0.001", "points:",
                "  - {raw: 0.013, deviation: 0.002, count: 50, reference_V: 0, temperature_degC: 21.5, time: \"2026-11-22T10:00:00Z\"}",
                "  - {raw: 11.893, deviation: 0.002, count: 50, reference_V: 12, temperature_degC: 21.5, time: \"2026-11-22T10:01:00Z\"}",
                "  - {raw: 23.773, deviation: 0.002, count: 50, reference_V: 24, temperature_degC: 21.5, time: \"2026-11-22T10:02:00Z\"}",
                "  - {raw: 47.533, deviation: 0.002, count: 50, reference_V: 48, temperature_degC: 21.5, time: \"2026-11-22T10:03:00Z\"}",
                "  - {raw: 57.037, deviation: 0.002, count: 50, reference_V: 57.6, temperature_degC: 21.5, time: \"2026-11-22T10:04:00Z\"}",
            ])
        #expect(lines.last?.hasPrefix("digest: sha256:") == true)
    }

    @Test("Four hundred records of any channel come back to the last digit", arguments: [1, 2])
    func roundTrip(_ seed: UInt64) {
        var dice = RecordDice(seed)
        var fault: String?
        for n in 0..<200 {
            let record = CalibrationRecord.random(&dice)
            let previous = dice.chance(0.5) ? SHA256Digest([UInt8(n)]) : nil
            let (bytes, digest) = RecordFile.sealed(record, previous: previous)
            let text = String(decoding: bytes, as: UTF8.self)
            switch RecordFile.read(bytes, "c.yaml", record.channel) {
            case .found(let found):
                let isSame =
                    found.record == record && found.digest == digest
                    && found.file.previous == previous?.text ?? ""
                    && RecordFile.sealed(found.record, previous: previous).bytes == bytes
                if !isSame { fault = fault ?? "seed \(seed), record \(n) changed:\n\(text)" }
            case .torn: fault = fault ?? "seed \(seed), record \(n) is torn"
            case .refused(let problems):
                fault = fault ?? "seed \(seed), record \(n): \(problems)\n\(text)"
            }
        }
        #expect(fault == nil)
    }

    @Test("One record is the same bytes in every locale and time zone")
    func locale() throws {
        let before = RecordFile.sealed(.sample(), previous: nil).bytes
        let zone = ProcessInfo.processInfo.environment["TZ"]
        setenv("TZ", "Pacific/Chatham", 1)
        tzset()
        let old = setlocale(LC_ALL, nil).map { String(cString: $0) }
        let names = ["de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8", "C"]
        let set = names.first { setlocale(LC_ALL, $0) != nil }
        let after = RecordFile.sealed(.sample(), previous: nil).bytes
        let back = tell(String(decoding: after, as: UTF8.self))
        if let old { setlocale(LC_ALL, old) }
        if let zone { setenv("TZ", zone, 1) } else { unsetenv("TZ") }
        tzset()
        #expect(set != nil)
        #expect(after == before)
        #expect(back == nil)
    }

    @Test("A file changed by hand is refused, with the line and the way out")
    func edited() throws {
        let told = try #require(tell(sample.replacing("scale: 0.0101", with: "scale: 0.0111")))
        #expect(told.count == 1)
        let last = sample.split(separator: "\n").count
        #expect(told[0].hasPrefix("c.yaml:\(last):9: error: digest"), "\(told)")
        #expect(told[0].contains("was changed after it was written; revert"), "\(told)")
        // A comment, a space, a line below: all of it is covered.
        #expect(tell("# mine\n" + sample) != nil)
        #expect(tell(sample.replacing("gain: 1", with: "gain:  1")) != nil)
        #expect(tell(sample + "\n") != nil)
        #expect(tell(sample.replacing("\n", with: "\r\n")) != nil)
        #expect(tell(String(sample.dropLast())) == ["torn"])
    }

    @Test(
        "What cannot be, even with a digest that fits",
        arguments: [
            ("format: 1", "format: 2", "c.yaml:2:9: error: format = 2: is above 1"),
            ("scale: 0.0101", "scale: 0.6", "coefficients.scale = 0.6: is a gain of 1.6"),
            ("scale: 0.0101", "scale: -2.01", "turns the sign of what has none"),
            ("zero_V: -0.0131", "zero_V: -29", "is more than half of the largest reading, 57.6"),
            ("curvature_per_V: 0", "curvature_per_V: 0.01", "adds more than a fifth"),
            ("scale_per_K: 0", "scale_per_K: 0.02", "is more than 1 % a kelvin"),
            (
                "phase_deg: 0\n  skew_s: 0\nrange", "phase_deg: 31\n  skew_s: 0\nrange",
                "more than 30°"
            ),
            ("skew_s: 0\nrange", "skew_s: 0.1\nrange", "is more than 20 ms"),
            ("zero: [1e-06, -2e-08, 0]", "zero: [1e-06, -3e-08, 0]", "is not symmetric"),
            ("zero: [1e-06", "zero: [-1e-06", "has a negative variance"),
            ("zero: [1e-06", "zero: [1e-09", "has a correlation beyond 1"),
            ("zero: [1e-06, -2e-08, 0]", "zero: [0, -2e-08, 0]", "covariance without a variance"),
            ("zero: [1e-06, -2e-08, 0]", "zero: [1e-06, -2e-08]", "has 2 entries; give it 3"),
            ("zero_V: -0.0131", "zero_A: -0.0131", "has another unit than this key"),
            ("zero_V: -0.0131", "zero_V: .nan", "is not a finite number"),
            ("zero_V: -0.0131", "zero_V: 1e400", "is too large for a number"),
            ("lowest_V: 0", "lowest_V: 58", "is not below highest_V"),
            ("2026-11-22T10:10:00.25Z", "2026-02-30T10:10:00Z", "is no time"),
            ("2026-11-22T10:01:00Z", "2026-11-22T25:01:00Z", "points[1].time"),
            ("2027-03-31", "2027-02-29", "reference.due = \"2027-02-29\": is no day"),
            ("count: 50, reference_V: 12", "count: 0, reference_V: 12", "points[1].count = 0"),
            ("person: \"A. Installer\"\n", "", "person: is missing"),
            ("person:", "persn:", "persn: is not a key here; write person"),
            ("board: \"pi-dc48\"", "board: \"../x\"", "board = \"../x\": is not a name of letters"),
            ("kind: B, zero_V: 0.003", "kind: C, zero_V: 0.003", "parts[0].kind = C"),
            ("channel: battery_voltage", "channel: battery_current", "unit"),
            (
                "channel: battery_voltage", "channel: link_voltage",
                "is another channel than its file"
            ),
            ("form: limits", "form: limit", "write limits"),
        ])
    func refused(_ old: String, _ new: String, _ words: String) throws {
        let told = try #require(tell(sealed(old, new)))
        #expect(told.contains { $0.contains(words) }, "\(told)")
        #expect(told.allSatisfy { $0.hasPrefix("c.yaml:") && $0.contains("; ") }, "\(told)")
    }

    @Test(
        "Two thousand mutations and every truncation: no trap, always a reason", arguments: [7, 8])
    func hostile(_ seed: UInt64) {
        var dice = RecordDice(seed)
        let bytes = Array(sample.utf8)
        let words = [
            ".nan", "1e999", "&a", "*a", "[[[[", "{", "- ", "\u{0}", "\t", "\u{FEFF}", "!!x", "'",
            "\"", "9",
        ]
        var fault: String?
        var torn = 0, taken = 0
        var sealed = (taken: 0, refused: 0)
        func look(_ mutant: [UInt8], _ what: String) {
            switch RecordFile.read(mutant, "c.yaml", .scalar(.batteryVoltage)) {
            case .torn: torn += 1
            case .refused(let problems):
                let isTold = problems.contains { !$0.message.isEmpty && !$0.remedy.isEmpty }
                if !isTold { fault = fault ?? "seed \(seed): \(what) without a reason" }
            case .found:
                taken += 1
                if mutant != bytes { fault = fault ?? "seed \(seed): \(what) was taken" }
            }
        }
        for n in 0..<1000 {
            var mutant = bytes
            for _ in 0...dice.below(3) {
                let at = dice.below(mutant.count)
                switch dice.below(4) {
                case 0: mutant[at] = UInt8(dice.below(256))
                case 1: mutant.removeSubrange(at..<min(mutant.count, at + 1 + dice.below(9)))
                case 2: mutant.insert(contentsOf: Array(dice.pick(words).utf8), at: at)
                default: mutant.replaceSubrange(at..<min(mutant.count, at + 20), with: [])
                }
            }
            if n % 2 == 0 {
                look(mutant, "mutant \(n)")
                continue
            }
            // Sealed again, so that what reads the contents is tried too.
            let lines = String(decoding: mutant, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
            let body = lines.dropLast(2).joined(separator: "\n") + "\n"
            switch RecordFile.read(Seal.sealed(body).bytes, "c.yaml", .scalar(.batteryVoltage)) {
            case .found: sealed.taken += 1
            case .refused(let problems):
                sealed.refused += 1
                if problems.isEmpty { fault = fault ?? "seed \(seed): mutant \(n) untold" }
            case .torn: fault = fault ?? "seed \(seed): sealed mutant \(n) is torn"
            }
        }
        if seed == 7 {
            for end in bytes.indices { look(Array(bytes[..<end]), "the first \(end) bytes") }
            #expect(torn >= bytes.count)
        }
        #expect(fault == nil)
        #expect(taken == 0)
        #expect(sealed.taken > 10 && sealed.refused > 200, "\(sealed)")
    }

    @Test("Files of megabytes are refused, not read")
    func large() throws {
        let big = sample + String(repeating: "#", count: 2 << 20)
        #expect(try #require(tell(big)).contains { $0.contains("bytes long") })
    }

    @Test("The description is sound in every unit")
    func audit() {
        for channel in Calibrated.all {
            #expect(RecordFile.section(channel).description.audit == [])
            #expect(SessionFile.section(channel).description.audit == [])
        }
    }

    @Test("Every channel of the board files is a channel here")
    func keys() {
        #expect(Calibrated.all.map(\.key) == CalibrationProfile.keys)
        #expect(Set(CalibrationProfile.keys).count == CalibrationProfile.keys.count)
    }
}
