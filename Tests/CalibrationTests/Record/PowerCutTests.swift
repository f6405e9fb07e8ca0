import BoardProfile
import Control
import Testing

@testable import Calibration

@Suite("Power cuts while a calibration is written") struct PowerCutTests {
    private let channel = Calibrated.scalar(.batteryVoltage)

    private static func record(_ n: Int) -> CalibrationRecord {
        var record = CalibrationRecord.sample()
        // As short as can be: thousands of these are written and read.
        (record.points, record.uncertainty.parts) = (Array(record.points.prefix(1)), [])
        record.coefficients.scale = 0.001 * Double(n)
        record.note = "the \(n)."
        return record
    }
    private func record(_ n: Int) -> CalibrationRecord { Self.record(n) }

    private enum Deed: String, CaseIterable { case first, add, revert, save }

    private static func store(_ disk: PowerCutDisk) -> CalibrationStore {
        CalibrationStore(root: "calibration", serial: "10000000f2a1", disk: disk)
    }
    private let two: PowerCutDisk

    init() throws {
        two = PowerCutDisk()
        for n in 1...2 { try Self.store(two).add(Self.record(n)) }
    }

    /// A disk to do the deed on, with two entries where there must be some.
    private func disk(_ deed: Deed) -> PowerCutDisk {
        deed == .first ? PowerCutDisk() : PowerCutDisk(copying: two)
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
        let found = store.load(channel)
        let errors = found.problems.filter { $0.severity == .error }
        if !errors.isEmpty { return "refused: \(errors)" }
        let before = deed == .first ? 0 : 2
        let number = found.inForce?.record.number ?? 0
        let isNew = number == before + 1
        if number != before && !isNew { return "entry \(number)" }
        if found.chain.map(\.record.number) != Array(1..<(number + 1)) { return "\(found.chain)" }
        if deed == .save {
            if isNew { return "a session became a calibration" }
            let walk = store.unfinished(channel)
            if !walk.problems.isEmpty { return "walk: \(walk.problems)" }
            if let value = walk.value, value != session { return "half a walk" }
            if succeeded, walk.value == nil { return "a walk that was saved is lost" }
            return nil
        }
        if succeeded, !isNew { return "a record that was added is lost" }
        var wanted: CalibrationRecord? = isNew || before > 0 ? record(isNew ? 3 : 2) : nil
        if isNew, deed == .revert { wanted = record(1) }
        return found.inForce?.record.coefficients == wanted?.coefficients
            ? nil : "other coefficients"
    }

    /// What is left can be gone on from: mended, and added to.
    private func continuation(_ store: CalibrationStore, _ disk: PowerCutDisk) throws -> String? {
        try store.heal()
        let healed = store.load(channel), before = healed.chain.count
        if !healed.problems.isEmpty || healed.inForce?.record.number ?? 0 != before {
            return "healed to \(healed.problems)"
        }
        try store.add(record(9))
        let after = store.load(channel)
        if after.inForce?.record.number != before + 1 || !after.problems.isEmpty {
            return "went on to \(after.chain.count): \(after.problems)"
        }
        let left = disk.files.filter { $0.hasSuffix(".new") && !$0.contains("unfinished") }
        return left.isEmpty ? nil : "left \(left)"
    }

    @Test(
        "Before and after every step, the old record or the new one is there, whole",
        arguments: Deed.allCases)
    private func everyStep(_ deed: Deed) throws {
        var found: String?
        var seen = (cut: 0, old: 0, new: 0)
        for n in 1...40 {
            for (seed, cut) in [PowerCutDisk.Cut.before(n), .after(n), .before(n)].enumerated() {
                let disk = disk(deed), store = Self.store(disk)
                disk.arm(cut, seed: UInt64(100 * n + seed))
                let succeeded = (try? act(store, deed)) != nil
                if succeeded, disk.steps < n { continue }
                seen.cut += 1
                // A process that dies leaves what the machine has seen; power does not.
                if seed == 0 { disk.kill() } else { disk.restart() }
                let what = "\(deed), \(cut), seed \(100 * n + seed)"
                if let fault = fault(store, deed, succeeded: succeeded) {
                    found = found ?? "\(what): \(fault)"
                }
                let isNew = disk.files.contains {
                    $0.hasSuffix(deed == .first ? "1.yaml" : "3.yaml")
                }
                if isNew { seen.new += 1 } else { seen.old += 1 }
                do {
                    if (n + seed) % 3 == 0, let fault = try continuation(store, disk) {
                        found = found ?? "\(what): \(fault)"
                    }
                } catch {
                    found = found ?? "\(what): \(error)"
                }
            }
        }
        #expect(found == nil)
        #expect(seen.cut > 40 && seen.old > 10, "\(seen)")
        #expect(deed == .save || seen.new > 10, "\(seen)")
    }

    @Test("Two cuts, the second while what the first left is mended")
    func twice() throws {
        var found: String?
        for seed in 0..<60 {
            var dice = RecordDice(UInt64(seed))
            let disk = disk(.add), store = Self.store(disk)
            for _ in 0..<2 {
                disk.arm(
                    dice.chance(0.5) ? .before(1 + dice.below(25)) : .after(1 + dice.below(25)),
                    seed: dice.bits())
                _ = try? store.add(record(3))
                disk.restart()
            }
            let state = store.load(channel)
            let isWrong =
                state.problems.contains { $0.severity == .error }
                || !(2...4).contains(state.inForce?.record.number ?? 0)
            if isWrong { found = found ?? "seed \(seed): \(state.problems)" }
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
        var told = 0
        for n in 1...30 {
            for failure in [PowerCutDisk.Failure.once(n), .since(n)] {
                let disk = disk(deed), store = Self.store(disk)
                disk.arm(.never, failure, seed: UInt64(n))
                var refusal: StoreFault?
                do { try act(store, deed) } catch let fault as StoreFault { refusal = fault }
                disk.kill()
                let what = "\(deed), \(failure)"
                if let refusal {
                    told += 1
                    let isTold = "\(refusal)".contains("No space left") && refusal.kind == .disk
                    if !isTold { found = found ?? "\(what): \(refusal)" }
                }
                if let fault = fault(store, deed, succeeded: refusal == nil) {
                    found = found ?? "\(what): \(fault)"
                }
                if n % 3 == 0, let fault = try continuation(store, disk) {
                    found = found ?? "\(what): \(fault)"
                }
            }
        }
        #expect(found == nil)
        #expect(told > 20)
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
