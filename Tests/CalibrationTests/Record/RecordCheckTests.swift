import BoardProfile
import Control
import Foundation
import Testing

@testable import Calibration

@Suite("Is this calibration of this board, and of today?") struct RecordCheckTests {
    private let day = 86_400.0

    private func problems(
        _ record: CalibrationRecord = .sample(), after_s: Double = 86_400, serial: String? = nil,
        board: String? = nil, channel: Calibrated? = nil, rule: CalibrationProfile = .init(),
        _ change: (inout Nominal) -> Void = { _ in }
    ) -> [Problem] {
        var nominal = CalibrationRecord.sample().nominal
        change(&nominal)
        let bytes = RecordFile.sealed(record, previous: nil).bytes
        return record.check(
            against: nominal, board: board ?? record.board, serial: serial ?? record.serial,
            at_s: record.at_s + after_s, rule: rule, channel: channel,
            places: FilePlaces(file: "c.yaml", text: String(decoding: bytes, as: UTF8.self)))
    }

    @Test("The board it was made on takes it")
    func own() {
        #expect(problems() == [])
        // Rounding in another order is no change.
        #expect(problems { $0.gain = (0.1 + 0.2) / 0.3 } == [])
    }

    @Test("What was changed since is named, with its line and both values")
    func changed() throws {
        let gain = try #require(problems { $0.gain = 2 }.first)
        #expect(
            gain.description
                == "c.yaml:13:9: error: nominal.gain = 1: is 2 in the board file now; write 1 in the board file again, or calibrate again"
        )
        #expect(gain.excerpt == "  gain: 1" && gain.width == 1)
        for (change, words) in [
            ({ $0.offset = 0.5 }, "nominal.offset = 0: is 0.5"),
            ({ $0.highest = 40.96 }, "nominal.highest = 81.92: is 40.96"),
            ({ $0.highest = .infinity }, "nominal.highest = 81.92: is without limit"),
            ({ $0.lowest = -.infinity }, "nominal.lowest = 0: is without limit"),
            ({ $0.resolution = 0.0025 }, "nominal.resolution = 0.00125: is 0.0025"),
            ({ $0.from = "battery.shunt" }, "nominal.from = battery.bus_voltage: is battery.shunt"),
            ({ $0.from = "" }, "is no pin in the board file"),
            ({ $0.isAlternating = true }, "nominal.alternating = false: is true"),
        ] as [((inout Nominal) -> Void, String)] {
            let told = problems(.sample(), change).map(\.description)
            #expect(told.count == 1 && told[0].contains(words), "\(told)")
            #expect(told.allSatisfy { $0.hasPrefix("c.yaml:") && !$0.hasPrefix("c.yaml:0") })
        }
    }

    @Test("Another board, file or channel is refused")
    func strangers() {
        #expect(problems(serial: "other").map(\.key) == ["serial"])
        #expect(problems(board: "pi-ac").map(\.key) == ["board"])
        #expect(problems(channel: .scalar(.linkVoltage)).map(\.key) == ["channel"])
        #expect(problems(channel: .scalar(.batteryVoltage)) == [])
        let all = problems(serial: "x", board: "y") { $0.gain = 3 }
        #expect(all.count == 3 && all.allSatisfy { $0.severity == .error && $0.line > 0 })
    }

    @Test("It expires on the day the board file says, from when it was measured")
    func expiry() throws {
        var rule = CalibrationProfile()
        #expect(problems(after_s: 365 * day, rule: rule) == [])
        let late = try #require(problems(after_s: 366 * day, rule: rule).first)
        #expect(late.severity == .warning && late.key == "time" && late.line == 8)
        #expect(late.message == "is 366 days ago: it was valid for 365")
        rule.expired = .refuse
        #expect(problems(after_s: 366 * day, rule: rule).first?.severity == .error)
        rule.valid_days = 400
        #expect(problems(after_s: 366 * day, rule: rule) == [])
        var reverted = CalibrationRecord.sample()
        reverted.measured_s = reverted.at_s - 399.5 * day
        #expect(problems(reverted, after_s: 0.4 * day, rule: rule) == [])
        #expect(problems(reverted, after_s: day, rule: rule).map(\.key) == ["measured"])
    }

    @Test("A meter whose certificate was over is told; one that ended since is not")
    func certificates() {
        var record = CalibrationRecord.sample()
        record.reference.due = "2026-11-21"
        let told = problems(record)
        #expect(told.map(\.key) == ["reference.due"] && told[0].severity == .warning)
        var rule = CalibrationProfile()
        rule.expired = .refuse
        #expect(problems(record, rule: rule).first?.severity == .error)
        // To the end of its day, and nothing is said of a meter without one.
        record.reference.due = "2026-11-22"
        #expect(problems(record, after_s: 30 * day, rule: rule) == [])
        record.reference.due = ""
        #expect(problems(record) == [])
    }

    @Test("A calibration of tomorrow means that a clock is wrong")
    func future() throws {
        #expect(problems(after_s: -299) == [])
        let told = problems(after_s: -301)
        #expect(told.count == 1 && told[0].severity == .error)
        #expect(told[0].remedy.contains("set the board's clock"))
        #expect(problems(after_s: -4e9).contains { $0.message.contains("before 1970") })
        var reverted = CalibrationRecord.sample()
        reverted.measured_s = reverted.at_s + 2 * day
        #expect(problems(reverted).contains { $0.key == "measured" && $0.severity == .error })
    }

    @Test("A sensor the wrong way round is believed where there is a way round")
    func reversed() {
        var record = CalibrationRecord.sample(.scalar(.batteryCurrent))
        record.coefficients.scale = -2.01
        #expect(record.faults(FilePlaces(file: "c")) == [])
        record.coefficients.scale = -1.4
        #expect(record.faults(FilePlaces(file: "c")).map(\.key) == ["coefficients.scale"])
        record.channel = .scalar(.batteryVoltage)
        record.coefficients.scale = -2.01
        #expect(record.faults(FilePlaces(file: "c")).map(\.key) == ["coefficients.scale"])
    }

    @Test("A covariance that is none is found, one that is nearly singular is not")
    func covariance() {
        func keys(_ m: [[Double]]) -> [String] {
            var record = CalibrationRecord.sample()
            record.uncertainty.covariance = m
            return record.faults(FilePlaces(file: "c")).map(\.message)
        }
        #expect(keys([[1, 1, 0], [1, 1, 0], [0, 0, 0]]) == [])
        #expect(
            keys([[1e-6, -1e-9, 1e-12], [-1e-9, 1e-12, -1e-15], [1e-12, -1e-15, 1e-18]]) == [])
        #expect(keys([[1e-300, 0, 0], [0, 1e-300, 0], [0, 0, 1e-300]]) == [])
        // Each pair is possible, the three are not.
        #expect(
            keys([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]) == [
                "is not positive semidefinite"
            ])
        #expect(keys([[1, 0, 0], [0, 1, 0]]) == ["is not 3 by 3"])
        #expect(
            keys([[.nan, 0, 0], [0, 1, 0], [0, 0, 1]]) == ["holds a number that is not finite"])
        #expect(keys([[1, 2, 0], [2, 1, 0], [0, 0, 1]]) == ["has a correlation beyond 1"])
    }

    @Test("A sheet and a difference say what a person asks for")
    func sheets() throws {
        let old = CalibrationRecord.sample()
        let sheet = old.sheet
        for words in [
            "battery_voltage of pi-dc48, serial 10000000f2a1: calibration 1",
            "made          2026-11-22T10:10:00.25Z by A. Installer, skerry 0.5.0",
            "Fluke 87V 12345678, certificate D-K-15070-01-00 to 2027-03-31: ± (0.05 % + 0.01 V), limits of error",
            "zero          -0.0131 V", "gain          1.0101 (+1.01 %)", "at 57.6 V",
            "(k = 2), most of it",
            "0.013   0          0.0000313  0.000031",
        ] {
            #expect(sheet.contains(words), "\(words) in\n\(sheet)")
        }
        var new = old
        (new.number, new.person, new.at_s) = (2, "B", old.at_s + day)
        new.coefficients.scale = 0.0102
        new.uncertainty.parts[0].zero = 0.01
        let text = CalibrationStore.diff(old, new).text
        for words in [
            "battery_voltage: 1 → 2", "A. Installer → B",
            "2026-11-22T10:10:00.25Z → 2026-11-23T10:10:00.25Z",
            "coefficients.scale  0.0101 → 0.0102", "expanded at 57.6 V  ± 0.024 V → ± 0.031 V",
            "reads at 57.6 V     58.1687 V → 58.1744 V",
        ] {
            #expect(text.contains(words), "\(words) in\n\(text)")
        }
        #expect(CalibrationStore.diff(old, old).lines == [])
        #expect(CalibrationStore.diff(old, old).text.contains("no difference"))
        new.coefficients.scale = old.coefficients.scale.nextUp
        let tiny = CalibrationStore.diff(old, new)
        #expect(tiny.lines.contains { $0.key == "coefficients.scale" && $0.before != $0.after })
        // Machines get every digit.
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(new.json.rendered.utf8)) as? [String: Any])
        let coefficients = try #require(object["coefficients"] as? [String: Any])
        #expect(coefficients["scale"] as? Double == new.coefficients.scale)
        #expect((object["points"] as? [Any])?.count == 5)
        let changes = try JSONSerialization.jsonObject(with: Data(tiny.json.compact.utf8))
        #expect((changes as? [String: Any])?["title"] as? String == "battery_voltage: 1 → 2")
    }

    @Test("Numbers for people have six digits and no noise")
    func short() {
        for (number, text) in [
            (0.0, "0"), (1, "1"), (-0.1, "-0.1"), (0.1 + 0.2, "0.3"), (123_456.789, "123457"),
            (1e-7, "1e-07"), (999_999.9, "1000000"), (2.0 / 3, "0.666667"), (1e12, "1000000000000"),
            (-12.5e-6, "-0.0000125"), (1e9, "1000000000"),
            (123_456_789, "123457000"),
        ] {
            #expect(SheetLines.short(number) == text)
        }
    }
}
