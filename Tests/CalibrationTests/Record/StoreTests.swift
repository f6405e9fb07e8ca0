import BoardProfile
import Control
import Foundation
import Testing

@testable import Calibration

/// A store on the disk, with some entries of one channel.
private final class Shelf {
    let root: String
    let store: CalibrationStore
    let channel = Calibrated.scalar(.batteryVoltage)

    init(entries: Int) throws {
        root = try scratchFolder()
        store = CalibrationStore(root: root + "/calibration", serial: "10000000f2a1")
        for n in 0..<entries { try store.add(Shelf.record(n)) }
    }
    deinit { try? FileManager.default.removeItem(atPath: root) }

    static func record(_ n: Int) -> CalibrationRecord {
        var record = CalibrationRecord.sample()
        record.coefficients.scale = 0.001 * Double(n + 1)
        record.at_s += 86_400 * Double(n)
        return record
    }
    var current: String { store.path(channel) }
    func entry(_ n: Int) -> String {
        "\(store.history(of: channel))/\(CalibrationStore.entry(n))"
    }
    func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
    func write(_ text: String, _ path: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
    /// What is told of the channel, and whether a record is in force.
    func told() -> (String, Int?) {
        let reading = store.current(channel)
        return (reading.problems.map(\.description).joined(separator: "\n"), reading.value?.number)
    }
}

@Suite("Calibrations on the disk") struct StoreTests {
    @Test("Entries are numbered, chained, in force one after another, and listed")
    func adding() throws {
        let shelf = try Shelf(entries: 3)
        let reading = shelf.store.current(shelf.channel)
        #expect(reading.problems == [])
        #expect(reading.value?.number == 3)
        #expect(reading.value?.coefficients.scale == 0.003)
        let (records, problems) = shelf.store.history(shelf.channel)
        #expect(problems == [] && records.map(\.number) == [1, 2, 3])
        let first = try shelf.text(shelf.entry(1)), second = try shelf.text(shelf.entry(2))
        let digest = try #require(first.split(separator: "\n").last?.dropFirst("digest: ".count))
        #expect(second.contains("\nprevious: \(digest)\n") && !first.contains("previous:"))
        #expect(try shelf.text(shelf.current) == shelf.text(shelf.entry(3)))
        try shelf.store.add(.sample(.clock))
        #expect(shelf.store.all().map(\.channel) == [.scalar(.batteryVoltage), .clock])
        #expect(shelf.store.current(.wave(.gridA)).value == nil)
        #expect(shelf.store.current(.wave(.gridA)).problems == [])
        // As the controller's own user must be able to read it.
        let mode = try FileManager.default.attributesOfItem(atPath: shelf.current)[
            .posixPermissions]
        #expect(mode as? Int == 0o644)
        #expect(shelf.store.strays() == [])
        try shelf.write("x", shelf.store.folder + "/battery_voltag.yaml")
        let stray = try #require(shelf.store.strays().first)
        #expect(stray.remedy.contains("battery_voltage.yaml") && stray.severity == .warning)
    }

    @Test("A revert is a new entry with the old coefficients, as old as they are")
    func reverting() throws {
        let shelf = try Shelf(entries: 3)
        let at_s = 1_800_000_000.0
        let made = try shelf.store.revert(
            shelf.channel, to: 1, person: "B. Other", at_s: at_s, software: "0.6.0")
        #expect(made.number == 4 && made.person == "B. Other" && made.at_s == at_s)
        #expect(made.note == "takes up entry 1 of 2026-11-22, by A. Installer")
        #expect(made.coefficients.scale == 0.001)
        #expect(made.measured_s == Shelf.record(0).at_s)
        #expect(shelf.store.current(shelf.channel).value == made)
        let again = try shelf.store.revert(
            shelf.channel, to: 4, person: "C", at_s: at_s + 1, software: "0.6.0")
        #expect(again.measured_s == Shelf.record(0).at_s)
        let fault = #expect(throws: StoreFault.self) {
            try shelf.store.revert(
                shelf.channel, to: 9, person: "B", at_s: at_s, software: "0.6.0")
        }
        #expect(fault?.description.contains("has no entry 9; write 1 to 5") == true)
    }

    @Test("What is not in order is not written")
    func refusing() throws {
        let shelf = try Shelf(entries: 1)
        func told(_ change: (inout CalibrationRecord) -> Void) -> String {
            var record = CalibrationRecord.sample()
            change(&record)
            do {
                try shelf.store.add(record)
                return "taken"
            } catch { return "\(error.kind == .refused): \(error)" }
        }
        #expect(told { $0.serial = "other" }.contains("true: "))
        #expect(told { $0.coefficients.zero = .nan }.contains("zero_V = nan: is not a finite"))
        #expect(told { $0.uncertainty.covariance = [[1]] }.contains("is not 3 by 3"))
        #expect(told { $0.uncertainty.covariance[0][1] = 5 }.contains("is not symmetric"))
        #expect(
            told { $0.uncertainty.parts[0].zero = -1 }.contains("parts[0].zero_V = -1.0: is less"))
        #expect(
            told { $0.outliers = [7] }.contains("names a point twice, or one that is not there"))
        #expect(told { $0.at_s = -5 }.contains("is less than 0"))
        #expect(told { $0.at_s = 1e15 }.contains("time"))
        #expect(told { $0.person = "" }.contains("person: is missing"))
        #expect(told { $0.person = String(repeating: "x", count: 300) }.contains("300 characters"))
        #expect(told { $0.person = "two\nlines" }.contains("line break"))
        #expect(told { $0.board = "../up" }.contains("board = \"../up\""))
        #expect(told { $0.reference.due = "2027-02-31" }.contains("is no day"))
        #expect(told { $0.points[0].reference = .infinity }.contains("points[0].reference_V = inf"))
        #expect(shelf.store.current(shelf.channel).value?.number == 1)
        #expect(shelf.store.history(shelf.channel).records.count == 1)
    }

    @Test("A file changed by hand is refused until somebody reverts or calibrates again")
    func edited() throws {
        let shelf = try Shelf(entries: 2)
        let text = try shelf.text(shelf.current)
        try shelf.write(text.replacing("scale: 0.002", with: "scale: 0.02"), shelf.current)
        let (told, number) = shelf.told()
        #expect(number == nil)
        #expect(told.contains("was changed after it was written; revert"), "\(told)")
        // Healing is for what was interrupted, not for what was done on purpose.
        try shelf.store.heal()
        #expect(shelf.told().1 == nil)
        try shelf.store.revert(shelf.channel, to: 2, person: "B", at_s: 1.8e9, software: "1")
        #expect(shelf.told() == ("", 3))
        // An older entry copied over it is as whole as any, and not meant.
        try shelf.write(try shelf.text(shelf.entry(1)), shelf.current)
        #expect(shelf.told().0.contains("is not the newest entry of the history, which is 3"))
        try shelf.store.add(Shelf.record(5))
        #expect(shelf.told() == ("", 4))
    }

    @Test("A history that was tampered with is refused, and what is wrong is named")
    func chain() throws {
        for (what, words) in [
            ("edit 1", "0001.yaml:"), ("remove 2", "0002.yaml: error: is missing from the history"),
            ("remove 4", "0004.yaml: error: is missing"), ("swap", "is not the number of its file"),
            ("cut 2", "0002.yaml: error: is cut off"), ("other 2", "breaks the chain"),
            ("empty", "0001.yaml: error: is missing"), ("cut 4", "0004.yaml: error: is cut off"),
            ("stranger", "is another board than 10000000f2a1"),
        ] {
            let shelf = try Shelf(entries: 4)
            switch what {
            case "edit 1":
                let text = try shelf.text(shelf.entry(1))
                try shelf.write(text.replacing("A. Inst", with: "B. Inst"), shelf.entry(1))
            case "remove 2": try FileManager.default.removeItem(atPath: shelf.entry(2))
            case "remove 4": try FileManager.default.removeItem(atPath: shelf.entry(4))
            case "swap":
                let text = try shelf.text(shelf.entry(2))
                try shelf.write(try shelf.text(shelf.entry(3)), shelf.entry(2))
                try shelf.write(text, shelf.entry(3))
            case "cut 2":
                try shelf.write(String(try shelf.text(shelf.entry(2)).prefix(900)), shelf.entry(2))
            case "cut 4":
                try shelf.write(String(try shelf.text(shelf.entry(4)).prefix(900)), shelf.entry(4))
            case "other 2":
                var record = Shelf.record(8)
                record.number = 2
                let bytes = RecordFile.sealed(record, previous: SHA256Digest([])).bytes
                try shelf.write(String(decoding: bytes, as: UTF8.self), shelf.entry(2))
            case "stranger":
                var record = Shelf.record(8)
                record.serial = "other"
                let bytes = RecordFile.sealed(record, previous: nil).bytes
                try shelf.write(String(decoding: bytes, as: UTF8.self), shelf.entry(1))
            default:
                try FileManager.default.removeItem(atPath: shelf.store.histories)
            }
            let (told, number) = shelf.told()
            #expect(number == nil, "\(what)")
            #expect(told.contains(words), "\(what): \(told)")
            let isHelped = ["restore", "copy", "calibrate"].contains { told.contains($0) }
            #expect(isHelped, "\(what): \(told)")
            let fault = #expect(throws: StoreFault.self) { try shelf.store.add(Shelf.record(9)) }
            #expect(fault?.kind == .broken, "\(what)")
        }
    }

    @Test("What an interrupted write left is passed over, told, and mended by the next")
    func interrupted() throws {
        let shelf = try Shelf(entries: 2)
        // The history was written, the file in force was not.
        try shelf.write(try shelf.text(shelf.entry(1)), shelf.current)
        var (told, number) = shelf.told()
        #expect(number == 2)
        #expect(told.contains("warning: was not replaced when entry 2 was written"), "\(told)")
        #expect(try shelf.store.heal().count == 1)
        #expect(shelf.told() == ("", 2))
        // An entry that is not whole was never in force.
        try shelf.write(String(try shelf.text(shelf.entry(2)).prefix(700)), shelf.entry(3))
        try shelf.write("half", shelf.store.folder + "/.battery_voltage.yaml.new")
        (told, number) = shelf.told()
        #expect(number == 2)
        #expect(told.contains("0003.yaml: warning: was not written to its end"), "\(told)")
        #expect(try shelf.store.add(Shelf.record(7)).number == 3)
        #expect(shelf.told() == ("", 3))
        let left = try FileManager.default.subpathsOfDirectory(atPath: shelf.root)
            .filter { $0.hasSuffix(".new") }
        #expect(left == [])
        // The file in force is gone, or cut.
        for text in [nil, "", "# cut"] {
            try? FileManager.default.removeItem(atPath: shelf.current)
            if let text { try shelf.write(text, shelf.current) }
            #expect(shelf.told().1 == 3)
        }
    }

    @Test("Two writers: the second is told who is writing")
    func locked() throws {
        let shelf = try Shelf(entries: 1)
        let lock = try KernelDisk().lock(shelf.store.folder + "/.lock")
        let fault = #expect(throws: StoreFault.self) { try shelf.store.add(Shelf.record(1)) }
        #expect(fault?.kind == .busy(pid: getpid()))
        #expect(fault?.description.contains("is held by process \(getpid())") == true)
        // Readers need no lock.
        #expect(shelf.told() == ("", 1))
        KernelDisk().unlock(lock)
        #expect(try shelf.store.add(Shelf.record(1)).number == 2)
    }

    @Test("Many threads add at once: each entry is there, none twice")
    func threads() async throws {
        let shelf = try Shelf(entries: 0)
        let store = shelf.store
        let added = await withTaskGroup(of: Int.self) { group in
            for n in 0..<4 {
                group.addTask {
                    var count = 0
                    for k in 0..<6 where (try? store.add(Shelf.record(n * 6 + k))) != nil {
                        count += 1
                    }
                    return count
                }
            }
            return await group.reduce(0, +)
        }
        let (records, problems) = store.history(.scalar(.batteryVoltage))
        #expect(added > 0 && problems == [] && records.count == added)
    }

    @Test("Links, pipes and folders in place of files are refused, and do not hang")
    func oddFiles() throws {
        let shelf = try Shelf(entries: 1)
        for what in ["link", "pipe", "folder"] {
            try FileManager.default.removeItem(atPath: shelf.current)
            switch what {
            case "link":
                try FileManager.default.createSymbolicLink(
                    atPath: shelf.current, withDestinationPath: shelf.entry(1))
            case "pipe": #expect(mkfifo(shelf.current, 0o644) == 0)
            default:
                try FileManager.default.createDirectory(
                    atPath: shelf.current, withIntermediateDirectories: false)
            }
            let (told, number) = shelf.told()
            #expect(number == nil && told.contains(shelf.current), "\(what): \(told)")
        }
    }
}
