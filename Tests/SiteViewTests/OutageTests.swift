import Testing

@testable import Recorder
@testable import SiteView

@Suite("Times without a usable grid")
struct OutageTests {
    /// Events at seconds, by what the islanding switch said.
    private func outages(_ events: (Int64, String)...) -> [Outage] {
        Outage.all(
            events.map {
                DatedEvent(
                    wall_ns: $0.0 * 1_000_000_000, kind: "transition",
                    text: "islanding switch: \($0.1)")
            })
    }
    private func outage(_ from: Int64, _ to: Int64?, _ cause: String, ridden: Bool = true) -> Outage
    {
        var outage = Outage(
            from_ns: from * 1_000_000_000, to_ns: to.map { $0 * 1_000_000_000 }, cause: cause)
        outage.isRiddenThrough = ridden
        return outage
    }

    @Test("Lost, then back: from the opening to the closing, by the cause that was found")
    func lost() {
        let found = outages(
            (5, "grid-tied"), (10, "opening (27 UV)"), (11, "islanded: finding out why"),
            (14, "islanded: grid lost"), (300, "resynchronising"), (310, "closing in step"),
            (311, "grid-tied"))
        #expect(found == [outage(10, 311, "grid lost")])
        #expect(found[0].from_ns == 10_000_000_000)
    }

    @Test("Rejected for its voltage or frequency: alive, and not usable")
    func rejected() {
        #expect(
            outages(
                (10, "opening (59 OV)"), (11, "islanded: grid rejected"), (70, "grid-tied"))
                == [outage(10, 70, "grid rejected")])
    }

    @Test("What people asked for is none")
    func planned() {
        #expect(
            outages((10, "opening (asked for)"), (11, "islanded: planned"), (90, "grid-tied"))
                == [])
        #expect(outages((10, "opening (asked for)"), (11, "islanded: planned")) == [])
        // One after it is.
        #expect(
            outages(
                (11, "islanded: planned"), (90, "grid-tied"), (100, "opening (27 UV)"),
                (101, "islanded: grid lost"), (130, "grid-tied"))
                == [outage(100, 130, "grid lost")])
    }

    @Test("A dead bus that had to be energised was not ridden through")
    func blackStart() {
        #expect(
            outages(
                (10, "opening (27 UV)"), (11, "islanded: grid lost"),
                (200, "energising a dead bus"), (202, "grid-tied"))
                == [outage(10, 202, "grid lost", ridden: false)])
    }

    @Test("It lasts: no end, no length")
    func open() throws {
        let found = outages((10, "opening (27 UV)"), (11, "islanded: grid lost"))
        #expect(found == [outage(10, nil, "grid lost")])
        let json = found[0].json
        #expect(try Schema.faults(try parsed(json), "Outage") == [])
        let object = try object(json)
        #expect(object.isNull("to") && object.isNull("duration_s"))
        #expect(object["from"] as? String == "1970-01-01T00:00:10.000Z")
        #expect(try SiteViewTests.object(outage(10, 322, "x").json).number("duration_s") == 312)
    }

    @Test("How it stood at the start is no outage that began then; others' events are no matter")
    func start() {
        #expect(
            outages((1, "islanded: since start"), (40, "resynchronising"), (50, "grid-tied")) == [])
        let other = DatedEvent(wall_ns: 1, kind: "trip", text: "source: tripped: UV")
        #expect(Outage.all([other]) == [] && Outage.all([]) == [])
    }

    @Test("Two, each by itself; a switch that fell open has its own cause")
    func two() {
        #expect(
            outages(
                (10, "opening (27 UV)"), (11, "islanded: grid lost"), (20, "grid-tied"),
                (30, "islanded: switch fell open"), (35, "grid-tied"))
                == [outage(10, 20, "grid lost"), outage(30, 35, "switch fell open")])
    }
}
