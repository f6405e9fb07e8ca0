import BoardProfile
import Control
import Testing

@testable import Calibration

@Suite("Power cuts while a calibration is written") struct PowerCutTests {
    private let channel = Calibrated.scalar(.batteryVoltage)

    private func record(_ n: Int) -> CalibrationRecord {
        var record = CalibrationRecord.sample()
        record.coefficients.scale = 0.001 * Double(n)
        record.note = "the \(n)."
        return record
    }

    private enum Deed: String, CaseIterable { case first, add, revert, save }

    private func store(_ disk: PowerCutDisk, _ deed: Deed) throws -> CalibrationStore {
        let store = CalibrationStore(root: "calibration", serial: "10000000f2a1", disk: disk)
        if deed != .first {
            try store.add(record(1))
            try store.add(record(2))
        }
        return store
    }

    private var session: UnfinishedCalibration {
        let r = CalibrationRecord.sample()
        return UnfinishedCalibration(
            channel: channel, board: r.board, serial: r.serial, nominal: r.nominal,
            reference: r.reference, person: r.person, start_s: r.at_s, points: r.points)
    }

    private func act(_ store: CalibrationStore, _ deed: Deed) throws {
        switch deed {
        case .first, .add: try store.add(record(3))
        case .revert:
            try store.revert(channel, to: 1, person: "B", at_s: 1_795_400_000, software: "0.5.1")
        case .save: try store.save(session)
        }
    }

    /// What is wrong with what is found after the cut; nil: nothing.
    private func fault(
        _ store: CalibrationStore, _ deed: Deed, succeeded: Bool
    ) -> String? {
        let found = store.current(channel)
        if !found.errors.isEmpty { return "refused: \(found.errors)" }
        let before = deed == .first ? 0 : 2
        let number = found.value?.number ?? 0
        let isNew = number == before + 1
        if number != before && !isNew { return "entry \(number)" }
        if deed == .save {
            if isNew { return "a session became a calibration" }
            let walk = store.unfinished(channel)
            if !walk.problems.isEmpty { return "walk: \(walk.problems)" }
            if let value = walk.value, value != session { return "half a walk" }
            if succeeded, walk.value == nil { return "a walk that was saved is lost" }
        } else {
            if succeeded, !isNew { return "a record that was added is lost" }
            var wanted: CalibrationRecord? = isNew || before > 0 ? record(isNew ? 3 : 2) : nil
            if isNew, deed == .revert { wanted = record(1) }
            if found.value?.coefficients != wanted?.coefficients { return "other coefficients" }
        }
        let history = store.history(channel)
        if history.records.map(\.number) != Array(1..<(number + 1)) {
            return "a history of \(history.records.map(\.number))"
        }
        return nil
    }

    /// What is left can be gone on from: mended, and added to.
    private func continuation(_ store: CalibrationStore, _ disk: PowerCutDisk) throws -> String? {
        let before = store.current(channel).value?.number ?? 0
        try store.heal()
        let healed = store.current(channel)
        if !healed.problems.isEmpty || (healed.value?.number ?? 0) != before {
            return "healed to \(healed.problems)"
        }
        try store.add(record(9))
        let after = store.current(channel)
        if after.value?.number != before + 1 || !after.problems.isEmpty {
            return "went on to \(after.value?.number ?? 0): \(after.problems)"
        }
        let left = disk.files.filter { $0.hasSuffix(".new") && !$0.contains("unfinished") }
        return left.isEmpty ? nil : "left \(left)"
    }

    @Test(
        "Before and after every step, the old record or the new one is there, whole",
        arguments: Deed.allCases)
    private func everyStep(_ deed: Deed) throws {
        // How many steps there are.
        let whole = PowerCutDisk()
        let first = try store(whole, deed)
        whole.arm(.never, seed: 0)
        try act(first, deed)
        let steps = whole.steps
        #expect(steps > 8)
        var found: String?
        var seen = (old: 0, new: 0)
        // Short writes differ with the seed, and so does the number of steps.
        for n in 1...(steps + 12) {
            for cut in [PowerCutDisk.Cut.before(n), .after(n)] {
                for seed in 0..<12 {
                    let disk = PowerCutDisk()
                    let store = try store(disk, deed)
                    disk.arm(cut, seed: UInt64(seed))
                    let succeeded = (try? act(store, deed)) != nil
                    // A process that dies leaves what the machine has seen; power does not.
                    if seed % 3 == 0 { disk.kill() } else { disk.restart() }
                    let what = "\(deed), \(cut), seed \(seed)"
                    if let fault = fault(store, deed, succeeded: succeeded) {
                        found = found ?? "\(what): \(fault)"
                    }
                    let isNew = store.current(channel).value?.number == (deed == .first ? 1 : 3)
                    if isNew { seen.new += 1 } else { seen.old += 1 }
                    do {
                        if let fault = try continuation(store, disk) {
                            found = found ?? "\(what): \(fault)"
                        }
                    } catch {
                        found = found ?? "\(what): \(error)"
                    }
                }
            }
        }
        #expect(found == nil)
        #expect(seen.old > 0 && (seen.new > 0 || deed == .save), "\(seen)")
    }

    @Test("Two cuts, the second while what the first left is mended")
    func twice() throws {
        var found: String?
        for seed in 0..<600 {
            var dice = RecordDice(UInt64(seed))
            let disk = PowerCutDisk()
            let store = try store(disk, .add)
            for _ in 0..<2 {
                disk.arm(
                    dice.chance(0.5) ? .before(1 + dice.below(40)) : .after(1 + dice.below(40)),
                    seed: dice.bits())
                _ = try? store.add(record(3))
                disk.restart()
            }
            let current = store.current(channel)
            let number = current.value?.number ?? 0
            if !current.errors.isEmpty || !(2...4).contains(number) {
                found = found ?? "seed \(seed): entry \(number), \(current.problems)"
            }
            if let fault = try continuation(store, disk) {
                found = found ?? "seed \(seed): \(fault)"
            }
        }
        #expect(found == nil)
    }

    @Test(
        "A disk that is full, once or from then on, changes nothing and is told",
        arguments: [Deed.add, .revert, .first])
    private func full(_ deed: Deed) throws {
        var found: String?
        for n in 1...60 {
            for failure in [PowerCutDisk.Failure.once(n), .since(n)] {
                let disk = PowerCutDisk()
                let store = try store(disk, deed)
                disk.arm(.never, failure, seed: UInt64(n))
                var told: StoreFault?
                do { try act(store, deed) } catch let fault as StoreFault { told = fault }
                disk.kill()
                let what = "\(deed), \(failure)"
                if let told, told.kind != .disk || !told.description.contains("No space left") {
                    found = found ?? "\(what): \(told)"
                }
                if let fault = fault(store, deed, succeeded: told == nil) {
                    found = found ?? "\(what): \(fault)"
                }
                if let fault = try continuation(store, disk) {
                    found = found ?? "\(what): \(fault)"
                }
            }
        }
        #expect(found == nil)
    }

    @Test("The test finds what it is for: without a sync of the folder, entries are lost")
    func sharpness() throws {
        // The store's own steps, but names never reach the platter by themselves.
        var lost = 0
        for seed in 0..<40 {
            let disk = PowerCutDisk()
            try disk.prepare(["calibration"])
            disk.arm(.never, seed: UInt64(seed))
            let file = try disk.create("calibration/a.new")
            var rest = Array("whole".utf8)[...]
            while !rest.isEmpty { rest = rest.dropFirst(try disk.write(rest, to: file)) }
            try disk.rename("calibration/a.new", to: "calibration/a")
            disk.restart()
            if try disk.read("calibration/a", limit: 99) != Array("whole".utf8) { lost += 1 }
        }
        #expect(lost > 20)
    }
}
