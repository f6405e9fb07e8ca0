import BoardProfile
import Foundation
import Testing

private struct Trial: Equatable, Sendable {
    var site: Site? = nil
    var code = Code()
    var home = ""
    var days = 1
}
extension Trial {
    fileprivate static let section = Section("Trial", of: Trial(), "A day in a site's life.") { s in
        s.document("board", \.site, Site.section, "The site.", .required, example: "../site.yaml")
        s.include("grid_code", \.code, from: "grid-codes", Code.section, "Another grid code.")
        s.reference("home", \.home, to: "home", "The home to watch.")
        s.integer("days", \.days, 1...366, "How long.")
    }
}

@Suite("Files that name files")
struct FileTests {
    private let site = """
        buses: {ac: {}}
        homes:
          - {name: a, bus: ac}
        battery: {capacity_Ah: 50}

        """

    private func trial(_ text: String, _ more: [String: String] = [:]) -> Reading<Trial> {
        let files = ["v/board.yaml": site, "v/trials/t.yaml": text]
        return Trial.section.read(
            "v/trials/t.yaml", in: folder(files.merging(more) { _, given in given }))
    }

    @Test("Paths are relative to the naming file, and its names can be referred to")
    func document() throws {
        let reading = trial("board: ../board.yaml\nhome: a\ngrid_code: ieee-1547\n")
        #expect(reading.problems == [])
        let trial = try reading.get()
        #expect(trial.site?.homes.map(\.name) == ["a"])
        #expect(trial.code.over_Hz == 62)
        #expect(reading.settings.contains { $0.key == "board.battery.capacity_Ah" })
        #expect(
            reading.settings.first { $0.key == "board.homes[0].bus" }?.place == "v/board.yaml:3")
    }

    @Test("Problems of a named file carry its name, and come once")
    func named() {
        let reading = trial(
            "board: ../board.yaml\nhome: b\n",
            ["v/board.yaml": site + "phasse: 3\ngrid_code: en\n"])
        #expect(
            reading.problems.map(\.description) == [
                "v/board.yaml:5:1: error: phasse: is not a key here; write phases",
                "v/board.yaml:6:12: error: grid_code = en: names no file grid-codes/en.yaml; "
                    + "write en-50549-1 or ieee-1547",
                "v/trials/t.yaml:2:7: error: home = b: is not the name of a home; write a",
            ])
    }

    @Test("A broken named file is one problem, not two")
    func broken() {
        let reading = trial("board: ../board.yaml\n", ["v/board.yaml": "battery: [\n"])
        #expect(reading.problems.map(\.file) == ["v/board.yaml"])
        #expect(reading.value == nil)
    }

    @Test("A file that extends another keeps what it does not say")
    func extends() throws {
        let files = [
            "base.yaml": site + "title: Base\nphases: 1\n",
            "site.yaml": "extends: base.yaml\ntitle: Mine\nbattery: {chemistry: nmc}\n",
        ]
        let reading = Site.section.read("site.yaml", in: folder(files))
        #expect(reading.problems == [])
        let made = try reading.get()
        #expect(made.title == "Mine")
        #expect(made.phases == 1)
        #expect(made.storage == Storage(capacity_Ah: 50, chemistry: .nmc))
        #expect(made.homes.map(\.name) == ["a"])
        func place(_ key: String) -> String? { reading.settings.first { $0.key == key }?.place }
        #expect(place("title") == "site.yaml:2")
        #expect(place("phases") == "base.yaml:6")
        #expect(place("battery.capacity_Ah") == "base.yaml:4")
        #expect(place("homes[0].name") == "base.yaml:3")
        #expect(place("islanding") == "default")
        #expect(reading.settings.filter { $0.key == "title" }.count == 1)
    }

    @Test("Circles and long chains end")
    func circles() {
        let circle = [
            "a.yaml": "extends: b.yaml\n", "b.yaml": "extends: a.yaml\nbattery: {capacity_Ah: 1}\n",
        ]
        #expect(
            Site.section.read("a.yaml", in: folder(circle)).problems.map(\.description) == [
                "b.yaml:1:10: error: extends = a.yaml: names files in a circle: "
                    + "a.yaml → b.yaml → a.yaml; break the circle"
            ])
        var chain: [String: String] = ["9.yaml": "battery: {capacity_Ah: 1}\n"]
        for n in 0..<9 { chain["\(n).yaml"] = "extends: \(n + 1).yaml\n" }
        let long = Site.section.read("0.yaml", in: folder(chain))
        #expect(
            long.problems.first?.description
                == "7.yaml:1:10: error: extends = 8.yaml: is the end of a chain of 8 files; "
                + "let files name files at most 8 deep")
        #expect(Site.section.read("2.yaml", in: folder(chain)).problems == [])
    }

    @Test("On disk nothing outside the folder is read, not even through a link")
    func disk() throws {
        let files = FileManager.default
        let base = files.temporaryDirectory.appendingPathComponent("skerry-\(UUID().uuidString)")
        defer { try? files.removeItem(at: base) }
        let boards = base.appendingPathComponent("boards")
        try files.createDirectory(
            at: boards.appendingPathComponent("v"), withIntermediateDirectories: true)
        func write(_ path: String, _ text: String) throws {
            try Data(text.utf8).write(to: base.appendingPathComponent(path))
        }
        try write("secret.yaml", "gain: 1\n")
        try write("boards/meter.yaml", "gain: 1\n")
        try files.createSymbolicLink(
            at: boards.appendingPathComponent("link.yaml"),
            withDestinationURL: base.appendingPathComponent("secret.yaml"))
        func told(_ calibration: String) throws -> [String] {
            let text = "battery: {capacity_Ah: 1}\ncalibration: \(calibration)\n"
            try write("boards/v/board.yaml", text)
            let (folder, file) = BoardFolder.containing(
                boards.appendingPathComponent("v/board.yaml").path)
            #expect(file == "v/board.yaml")
            return Site.section.read(file, in: folder).problems.map(\.message)
        }
        #expect(try told("../meter.yaml") == [])
        let outside = try told("../link.yaml")
        #expect(outside.count == 1 && outside[0].hasPrefix("names no file"))
        #expect(try told("../../secret.yaml") == ["leads out of the boards folder"])
        let missing = Site.section.read("none.yaml", in: BoardFolder(root: boards.path))
        #expect(missing.problems.map(\.message) == ["does not exist"])
        let directory = Site.section.read("v", in: BoardFolder(root: boards.path))
        #expect(directory.problems.map(\.message) == ["is a folder"])
    }
}
