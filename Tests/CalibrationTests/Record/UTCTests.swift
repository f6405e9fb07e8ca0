import Foundation
import Testing

@testable import Calibration

@Suite("Times, digests and serial numbers") struct UTCTests {
    @Test(
        "Times are as date(1) has them",
        arguments: [
            (0.0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_342_200.25, "2026-11-22T10:10:00.25Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"), (0.000_01, "1970-01-01T00:00:00.00001Z"),
            (1e9 + 0.001, "2001-09-09T01:46:40.001Z"),
        ])
    func known(_ at_s: Double, _ text: String) {
        #expect(UTC.text(at_s) == text)
        #expect(UTC.seconds(text) == at_s)
    }

    @Test("Any time comes back to the last digit, and agrees with the C library")
    func roundTrip() {
        var dice = RecordDice(3)
        var fault: String?
        for _ in 0..<5000 {
            let at_s = dice.uniform(0, dice.pick([1e-6, 1, 1e5, 4e9, 253_402_300_799]))
            guard let text = UTC.text(at_s), UTC.seconds(text) == at_s else {
                fault = fault ?? "\(at_s)"
                continue
            }
            var (time, civil) = (Int(at_s), tm())
            gmtime_r(&time, &civil)
            var buffer = [CChar](repeating: 0, count: 32)
            strftime(&buffer, 32, "%Y-%m-%dT%H:%M:%S", &civil)
            let wanted = String(
                decoding: buffer.prefix { $0 != 0 }.map { UInt8($0) }, as: UTF8.self)
            if !text.hasPrefix(wanted) { fault = fault ?? "\(text) is not \(wanted)" }
        }
        #expect(fault == nil)
    }

    @Test("Offsets count; what is no time is none")
    func reading() {
        #expect(UTC.seconds("2026-11-22T11:10:00+01:00") == 1_795_342_200)
        #expect(UTC.seconds("2026-11-22 05:10:00-05:00") == 1_795_342_200)
        for text in [
            "", "2026-11-22", "2026-11-22T10:10:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
            "2026-11-22T24:00:00Z", "2026-11-22T10:60:00Z", "2026-11-22T10:10:60Z",
            "2026-11-22T10:10:00.Z", "2026-11-22T10:10:00Z ", "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00+01:00", "+026-11-22T10:10:00Z", "2026-11-22T10:10:00z", "١٩٧٠",
        ] {
            #expect(UTC.seconds(text) == nil, "\(text)")
        }
        #expect(UTC.text(-1) == nil && UTC.text(.nan) == nil && UTC.text(.infinity) == nil)
        #expect(UTC.seconds(day: "2027-03-31") == 1_806_451_200)
        #expect(UTC.seconds(day: "2027-02-29") == nil && UTC.seconds(day: "tomorrow") == nil)
    }

    @Test("Digests are those of FIPS 180-4")
    func digests() {
        let abc = SHA256Digest(Array("abc".utf8))
        #expect(
            abc.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA256Digest([]).text
                == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let million = SHA256Digest([UInt8](repeating: 0x61, count: 1_000_000))
        #expect(
            million.hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        #expect(SHA256Digest(text: abc.text) == abc)
        #expect(SHA256Digest(text: abc.text.uppercased()) == nil)
        #expect(SHA256Digest(text: abc.text.dropLast()) == nil)
    }

    @Test("A board is known by its file, its device tree, or its machine id, in that order")
    func serials() throws {
        let tree = Array("10000000f2a1\0".utf8), id = "0123456789abcdef0123456789abcdef\n"
        func choose(_ p: String?, _ t: [UInt8]?, _ m: String?) throws -> String {
            try BoardSerial.choose(profile: p, deviceTree: t, machineID: m).serial
        }
        #expect(try choose("pcc-1", tree, id) == "pcc-1")
        #expect(try choose(nil, tree, id) == "10000000f2a1")
        let made = try choose(nil, nil, id)
        #expect(
            made == "m-"
                + SHA256Digest(Array(("skerry board serial" + id.dropLast()).utf8)).hex.prefix(16))
        #expect(!made.contains("0123456789abcdef"))
        // What is no serial number is passed over; what was written by a person is not.
        for odd in ["", "\0", "0000000000000000\0", "../etc\0", "a b\0", "\u{FF}"] {
            #expect(try choose(nil, Array(odd.utf8), id) == made, "\(odd)")
        }
        #expect(try choose(nil, [0xFF, 0xFE], id) == made)
        for odd in ["", "..", ".hidden", "a/b", "a b", "é", String(repeating: "a", count: 65)] {
            #expect(throws: BoardSerial.Refusal.self) { try choose(odd, tree, id) }
        }
        for odd in ["", "uninitialized", String(repeating: "0", count: 32), "0123"] {
            #expect(throws: BoardSerial.Refusal.self) { try choose(nil, nil, odd) }
        }
        #expect(throws: BoardSerial.Refusal.self) { try choose(nil, nil, nil) }
    }
}
