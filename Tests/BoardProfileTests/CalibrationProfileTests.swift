import BoardProfile
import Foundation
import Testing

@Suite("What a board file asks of calibration") struct CalibrationProfileTests {
    private static let written = """
        calibration:
          serial: mill-1
          required: true
          valid_days: 180
          expired: refuse
          guard: false
          lowest_degC: -20
          highest_degC: 60
          channels:
            - {channel: battery_voltage, accuracy_percent: 0.5, stability_percent_per_year: 0.1}
            - {channel: grid_a, accuracy: 1.5, scale_ppm_per_K: 50}
            - {channel: travel_main_contactor, accuracy: 0.005}

        """

    private func read(_ old: String = "", _ new: String = "") -> Reading<SiteProfile> {
        let text = Self.written
        precondition(old.isEmpty || text.contains(old), "the sample has no \(old)")
        return BoardSample.read(
            BoardSample.board + (old.isEmpty ? text : text.replacing(old, with: new)))
    }

    @Test("Left out, a calibration is used, guards and holds a year")
    func defaults() throws {
        let found = try BoardSample.read(BoardSample.board).get().calibration
        #expect(found == CalibrationProfile())
        #expect(found.serial == nil && !found.isRequired && found.isGuarding)
        #expect(found.valid_days == 365 && found.expired == .warn)
        #expect((found.lowest_degC, found.highest_degC) == (0, 50))
        #expect(found.channels == [])
    }

    @Test("Every key is read")
    func written() throws {
        let reading = read()
        #expect(reading.problems.map(\.description) == [])
        let found = try reading.get().calibration
        #expect(found.serial == "mill-1" && found.isRequired && !found.isGuarding)
        #expect(found.valid_days == 180 && found.expired == .refuse)
        #expect((found.lowest_degC, found.highest_degC) == (-20, 60))
        #expect(
            found.channels.map(\.channel) == ["battery_voltage", "grid_a", "travel_main_contactor"])
        #expect(found.channels[0].accuracy_percent == 0.5 && found.channels[0].accuracy == nil)
        #expect(found.channels[0].stability_percentPerYear == 0.1)
        #expect(found.channels[1].accuracy == 1.5 && found.channels[1].scale_ppmPerK == 50)
    }

    @Test(
        "What cannot be",
        arguments: [
            ("mill-1", "../mill", "calibration.serial = ../mill: is not a name of letters"),
            ("valid_days: 180", "valid_days: 0", "is below 1 days"),
            ("valid_days: 180", "valid_h: 180", "valid_h: has another unit than this key"),
            ("expired: refuse", "expired: ignore", "write warn or refuse"),
            ("required: true", "required: yes", "write true"),
            ("lowest_degC: -20", "lowest_degC: 61", "is not below highest_degC"),
            ("grid_a", "gird_a", "calibration.channels[1].channel = gird_a"),
            ("grid_a", "battery_voltage", "is the name of another, on line"),
            (
                "accuracy: 1.5", "accuracy: 1.5, accuracy_percent: 1",
                "stands beside accuracy_percent"
            ),
            (", accuracy: 0.005", "", "says nothing of its channel"),
            ("accuracy: 1.5", "accuracy: -1", "channels[1].accuracy = -1: is below"),
            ("guard: false", "gaurd: false", "write guard"),
        ])
    func refused(_ old: String, _ new: String, _ words: String) {
        let reading = read(old, new)
        #expect(reading.value == nil)
        let told = reading.problems.map(\.description)
        #expect(told.contains { $0.contains(words) }, "\(told)")
        #expect(told.allSatisfy { $0.hasPrefix("v/board.yaml:") && $0.contains("; ") }, "\(told)")
    }

    @Test("A real board has the channels it speaks of")
    func hardware() throws {
        let path = boardsFolder + "/pi-dc48/board.yaml"
        let site = try SiteProfile.load(path).get()
        let fitted = try #require(site.hardware?.channels.first?.channel)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        func read(_ channel: String) -> Reading<SiteProfile> {
            BoardSample.read(
                text + "\ncalibration:\n  channels:\n    - {channel: \(channel), accuracy: 0.1}\n")
        }
        #expect(read(fitted).problems.map(\.description) == [])
        let told = read("sample_clock").problems.map(\.description)
        #expect(told.contains { $0.contains("sample_clock, which the hardware does not have") })
        #expect(told.contains { $0.contains("write one of ") && $0.contains(fitted) }, "\(told)")
    }

    @Test("Its keys stand in the schema, with their ranges")
    func schema() {
        let schema = SiteProfile.section.description.jsonSchema(id: "board").compact
        for words in [
            "\"valid_days\"", "\"stability_percent_per_year\"", "\"travel_islanding_switch\"",
        ] {
            #expect(schema.contains(words))
        }
        #expect(SiteProfile.section.description.audit == [])
    }

    @Test("Numbers keep every digit they are written with")
    func digits() {
        let reading = read("accuracy: 1.5", "accuracy: 1.2345678901234567")
        #expect(reading.value?.calibration.channels[1].accuracy == 1.2345678901234567)
    }
}
