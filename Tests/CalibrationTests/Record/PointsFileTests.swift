import BoardProfile
import Control
import Foundation
import Testing

@testable import Calibration

@Suite("Tables of points, and walks that are not finished") struct PointsFileTests {
    private func read(_ text: String, _ channel: Calibrated? = nil) -> (PointsFile?, [String]) {
        let (value, problems) = PointsFile.read(Array(text.utf8), file: "p.csv", channel: channel)
        return (value, problems.map(\.description))
    }

    @Test("Columns in any order, quotes, comments, CRLF, a byte order mark")
    func good() throws {
        let text =
            "\u{FEFF}# from the bench\r\nreference , channel,raw,time\r\n"
            + "12.07,\"battery_voltage\", 12.031 ,2026-11-22T10:00:00Z\r\n\r\n# more\r\n"
            + "\"-1e-3\",battery_current,-.5,1795341660.5\r\n"
        let (value, told) = read(text)
        #expect(told == [])
        let rows = try #require(value).rows
        #expect(
            rows == [
                .init(
                    channel: .scalar(.batteryVoltage),
                    point: Point(raw: 12.031, reference: 12.07, at_s: 1_795_341_600), line: 3),
                .init(
                    channel: .scalar(.batteryCurrent),
                    point: Point(raw: -0.5, reference: -0.001, at_s: 1_795_341_660.5), line: 6),
            ])
        #expect(value?.channels == [.scalar(.batteryVoltage), .scalar(.batteryCurrent)])
        #expect(value?.points(.scalar(.batteryCurrent)).count == 1)
        // A file of one channel need not say so.
        #expect(
            read("raw,reference\n1,2\n", .clock).0?.points(.clock) == [Point(raw: 1, reference: 2)])
    }

    @Test(
        "Every bad cell is told with its place and what to write",
        arguments: [
            ("", "p.csv: error: has no row; begin it with channel,raw,reference"),
            ("channel,raw,reference\n", "names columns and has no point"),
            ("channel,raw\nclock,1\n", "p.csv:1:1: error: reference = channel: is missing"),
            ("raw,reference\n1,2\n", "add a column channel"),
            ("chanel,raw,reference\n", "p.csv:1:1: error: chanel: is no column; write channel"),
            ("channel,raw,raw,reference\n", "p.csv:1:13: error: raw = raw: is a column twice"),
            ("channel,raw,reference,\n", "is a column without a name"),
            ("channel;raw;reference\nclock;1;2\n", "separated by semicolons"),
            ("channel\traw\treference\n", "separated by tabs"),
            (
                "H\nbattery_volts,1,2\n",
                "p.csv:2:1: error: channel = battery_volts: is no channel; write battery_voltage"
            ),
            ("H\n,1,2\n", "p.csv:2:1: error: channel: has no value"),
            ("H\nzzzzzz,1,2\n", "write one of battery_voltage, "),
            ("H\nsample_clock,,2\n", "p.csv:2:14: error: raw: has no value; write a number"),
            ("H\nsample_clock,\"1,5\",2\n", "raw = 1,5: has a decimal comma; write 1.5"),
            ("H\nsample_clock,1,5,2\n", "is in a row of 4 cells, where there are 3 columns"),
            ("H\nsample_clock,1\n", "is in a row of 2 cells"),
            ("H\nsample_clock,1 V,2\n", "raw = 1 V: is not a number"),
            ("H\nsample_clock,0x10,2\n", "raw = 0x10: is not a number"),
            ("H\nsample_clock,nan,2\n", "raw = nan: is not a number"),
            ("H\nsample_clock,1e999,2\n", "raw = 1e999: is above "),
            ("channel,raw,reference,count\nsample_clock,1,2,0\n", "count = 0: is below 1"),
            (
                "channel,raw,reference,count\nsample_clock,1,2,1.5\n",
                "count = 1.5: is not a whole number"
            ),
            (
                "channel,raw,reference,deviation\nsample_clock,1,2,-1\n",
                "deviation = -1: is below 0"
            ),
            (
                "channel,raw,reference,time\nsample_clock,1,2,2026-11-22 10:00\n",
                "p.csv:2:18: error: time = 2026-11-22 10:00: is no time"
            ),
            (
                "channel,raw,reference,phase_deg\nsample_clock,1,2,400\n",
                "phase_deg = 400: is above 360"
            ),
            ("H\nsample_clock,\"1,2\n", "p.csv:2:14: error: has a quote that is not closed"),
            ("H\nsample_clock,\"1\"x,2\n", "has something after its closing quote"),
            ("H\nsample_clock,1\"0\",2\n", "has a quote inside a cell"),
        ])
    func bad(_ text: String, _ words: String) {
        let (value, told) = read(text.replacing("H\n", with: "channel,raw,reference\n"))
        #expect(value == nil)
        #expect(told.contains { $0.contains(words) }, "\(told)")
        #expect(told.allSatisfy { $0.hasPrefix("p.csv") && $0.contains("; ") }, "\(told)")
    }

    @Test("All that is wrong is told at once, a hundred at most; what is too large is refused")
    func limits() {
        let many = "channel,raw,reference\n" + String(repeating: "x,y,z\n", count: 200)
        let told = read(many).1
        #expect(told.count == 101)
        let rows =
            "channel,raw,reference\n" + String(repeating: "sample_clock,1,2\n", count: 20_001)
        #expect(read(rows).1.contains { $0.contains("is row 20001; split the file") })
        #expect(
            read(rows.split(separator: "\n").dropLast().joined(separator: "\n")).0?.rows.count
                == 20_000)
        #expect(read(String(repeating: " ", count: 5 << 20)).1.contains { $0.contains("split it") })
        #expect(read(String(repeating: ",", count: 50)).1.count == 1)
        #expect(PointsFile.read([0xFF, 0xFE, 0, 0], file: "p").problems.count == 1)
        #expect(PointsFile.read([0x61, 0x0A, 0xFF], file: "p").problems[0].line == 2)
    }

    @Test("What is written is read back to the last digit")
    func roundTrip() {
        var dice = RecordDice(21)
        var fault: String?
        for n in 0..<100 {
            let rows = (1...(1 + dice.below(20))).map { _ in
                PointsFile.Row(
                    channel: dice.pick(Calibrated.all), point: CalibrationRecord.point(&dice))
            }
            let text = PointsFile(rows: rows).text
            let back = PointsFile.read(Array(text.utf8), file: "p.csv")
            let isSame =
                back.value?.rows.map(\.point) == rows.map(\.point)
                && back.value?.rows.map(\.channel) == rows.map(\.channel)
            if !isSame { fault = fault ?? "file \(n) of seed 21: \(back.problems)\n\(text)" }
        }
        #expect(fault == nil)
    }

    @Test("Three thousand mutations: no trap, and nothing refused without a reason")
    func hostile() {
        var dice = RecordDice(22)
        let rows = (0..<6).map { _ in
            PointsFile.Row(
                channel: dice.pick(Calibrated.all), point: CalibrationRecord.point(&dice))
        }
        let bytes = Array(PointsFile(rows: rows).text.utf8)
        var fault: String?
        var refused = 0
        for n in 0..<3000 {
            var mutant = bytes
            for _ in 0...dice.below(3) where !mutant.isEmpty {
                let at = dice.below(mutant.count)
                switch dice.below(4) {
                case 0: mutant[at] = UInt8(dice.below(256))
                case 1: mutant.remove(at: at)
                case 2: mutant.insert(dice.pick(Array("\",\r\n#;eE.-+\0".utf8)), at: at)
                default: mutant = Array(mutant[..<max(1, at)])
                }
            }
            let (value, problems) = PointsFile.read(mutant, file: "p.csv")
            if value == nil {
                refused += 1
                if problems.isEmpty { fault = fault ?? "mutant \(n) of seed 22 untold" }
            } else if value!.rows.contains(where: { !$0.point.raw.isFinite || $0.point.count < 1 })
            {
                fault = fault ?? "mutant \(n) of seed 22 holds what is no point"
            }
        }
        #expect(fault == nil)
        #expect((1000..<3000).contains(refused), "\(refused)")
    }

    // MARK: Unfinished walks

    private func session(_ points: Int) -> UnfinishedCalibration {
        let r = CalibrationRecord.sample()
        return UnfinishedCalibration(
            channel: r.channel, board: r.board, serial: r.serial, nominal: r.nominal,
            reference: r.reference, person: r.person, start_s: r.at_s - 600,
            points: Array(r.points.prefix(points)))
    }

    @Test("A walk is taken up where it was left, and is over once its calibration is added")
    func walk() throws {
        let root = try scratchFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let store = CalibrationStore(root: root, serial: "10000000f2a1")
        let channel = Calibrated.scalar(.batteryVoltage)
        #expect(store.unfinished(channel).value == nil && store.unfinished(channel).problems == [])
        try store.discard(channel)
        for n in 0...5 {
            try store.save(session(n))
            #expect(store.unfinished(channel).value == session(n))
        }
        try store.add(.sample())
        #expect(store.unfinished(channel).value == nil && store.unfinished(channel).problems == [])
        // Left behind by a process that died between the two.
        try store.save(session(5))
        #expect(store.unfinished(channel).value == nil)
        try store.save(session(3))
        #expect(store.unfinished(channel).value == session(3))
        try store.discard(channel)
        #expect(store.unfinished(channel).value == nil)
        #expect(store.current(channel).value?.number == 1)
    }

    @Test("A walk of another board or wiring, or that was changed, is refused with what to do")
    func strangers() throws {
        let root = try scratchFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let store = CalibrationStore(root: root, serial: "10000000f2a1")
        let walk = session(3)
        try store.save(walk)
        let reading = store.unfinished(walk.channel)
        var nominal = walk.nominal
        #expect(walk.check(against: nominal, board: "pi-dc48", serial: walk.serial) == [])
        nominal.gain = 2
        let told = walk.check(
            against: nominal, board: "pi-ac", serial: "x", places: reading.places)
        #expect(told.map(\.key).sorted() == ["board", "nominal.gain", "serial"])
        #expect(told.allSatisfy { $0.line > 0 && $0.remedy.contains("discard this walk") })
        var other = walk
        other.serial = "other"
        #expect(throws: StoreFault.self) { try store.save(other) }
        other = walk
        other.points[0].raw = .nan
        #expect(throws: StoreFault.self) { try store.save(other) }

        let path = store.unfinishedPath(walk.channel)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for changed in [
            text.replacing("count: 50", with: "count: 5"), String(text.prefix(300)), "",
            text.replacing("battery_voltage", with: "link_voltage"), "\u{0}\u{1}", text + "x: 1\n",
        ] {
            try changed.write(toFile: path, atomically: false, encoding: .utf8)
            let reading = store.unfinished(walk.channel)
            #expect(reading.value == nil)
            #expect(
                reading.problems.contains { $0.remedy.contains("discard this walk") }, "\(changed)")
        }
        let moved = String(
            decoding: SessionFile.sealed(
                {
                    var s = walk
                    s.serial = "elsewhere"
                    return s
                }()), as: UTF8.self)
        try moved.write(toFile: path, atomically: false, encoding: .utf8)
        #expect(store.unfinished(walk.channel).problems.first?.key == "serial")
    }
}
