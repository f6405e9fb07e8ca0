import Control
import Feed
import Testing

@testable import SiteView

@Suite("What somebody should look at")
struct AlarmTests {
    private func alarms(_ change: (inout Record) -> Void) -> [Alarm] {
        Alarm.of(live("mill", change))
    }
    private func codes(_ change: (inout Record) -> Void) -> [String] {
        alarms(change).map { "\($0.code) \($0.level.rawValue)" }
    }

    @Test("Nothing is wrong: no alarm")
    func fine() { #expect(alarms { $0.source = .following(since: Tick(0)) } == []) }

    @Test("A trip, with the name of its stage; of a source and of a DER")
    func tripped() {
        let source = alarms {
            $0.source = .tripped(.stage(1), until: Tick(9))
            $0.verdict.tripped = 0b10
        }
        #expect(source.map(\.words) == ["mill: tripped: OV"])
        #expect(source.map(\.code) == ["tripped"] && source[0].level == .alarm)
        #expect(alarms { $0.der = .tripped(.stage(0)) }.map(\.words) == ["mill: tripped: UV"])
        // A stage beyond those that are named has a number.
        #expect(codes { $0.source = .tripped(.stage(9), until: Tick(9)) } == ["tripped alarm"])
    }

    @Test("Blindness names its channels")
    func blind() {
        let found = alarms { $0.verdict.blind = .wave(.busA) | .scalar(.stateOfCharge) }
        #expect(found.map(\.words) == ["mill: blind: busA, stateOfCharge"])
    }

    @Test("Welded, out of order, disobedient, late")
    func others() {
        #expect(codes { $0.contactor = .welded } == ["welded alarm"])
        #expect(codes { $0.islanding = .fault(.welded) } == ["islandingFault alarm"])
        #expect(codes { $0.disobedient[Contact.mainContactor] = true } == ["disobedient warning"])
        #expect(codes { $0.isSyncLate = true } == ["syncLate warning"])
        #expect(
            codes {
                $0.isSyncLate = true
                $0.verdict.blind = .wave(.gridA)
                $0.source = .tripped(.blind, until: Tick(1))
            } == ["blind alarm", "tripped alarm", "syncLate warning"])
    }

    @Test("Of who is not heard only that is said")
    func unheard() {
        var seen = live("mill") { $0.source = .tripped(.stage(0), until: Tick(9)) }
        seen.connection = .silent
        #expect(Alarm.of(seen).map(\.code) == ["silent"])
        seen.connection = .absent("no daemon listens")
        #expect(Alarm.of(seen).map(\.words) == ["mill: no daemon listens"])
        // Connected, and its first record is on the way.
        seen.connection = .connected
        seen.record = nil
        #expect(Alarm.of(seen) == [])
    }

    @Test("A snapshot has each, as the API has it")
    func json() throws {
        let seen = live("mill") {
            $0.source = .tripped(.stage(1), until: Tick(9))
            $0.verdict.tripped = 0b10
            $0.verdict.blind = .wave(.busA)
        }
        let (all, site) = try snapshot(plan("sim-village"), [seen])
        #expect(site.parts("alarms").map { $0["code"] as? String } == ["blind", "tripped"])
        let unit = all.parts("controllers")[0]
        #expect(unit["tripped"] as? [String] == ["OV"] && unit["blind"] as? [String] == ["busA"])
        #expect(unit.part("source")?["words"] as? String == "tripped: OV")
    }
}
