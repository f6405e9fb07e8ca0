import BlackBox
import Foundation
import GRDB
import Testing

@testable import Recorder

@Suite("What the store gives back")
struct HistoryTests {
    private static func store(_ scratch: Scratch) throws -> (Store, Sky) {
        let sky = try Sky(
            folder: scratch.path + "/box", seconds: 2700, wall_s: 1_800_000_000, seed: 1,
            identity: 7)
        let store = try Store(path: scratch.path + "/store.sqlite")
        var clerk = Clerk(store, controller: "mill", ring: sky.ring)
        _ = try clerk.catchUp()
        return (store, sky)
    }

    @Test("Seconds, quarters and events of a time, and nothing of another")
    func ranges() throws {
        let scratch = try Scratch()
        let (store, sky) = try Self.store(scratch)
        #expect(try store.controllers() == ["mill"])
        var seconds: [DatedReading] = []
        try store.seconds(of: "mill", from_s: 1_800_000_100, to_s: 1_800_000_200) {
            seconds.append($0)
        }
        // The first turn of each second has its record, a quarter of a second after it began.
        #expect(seconds.count == 100)
        #expect(seconds.first?.wall_ns == 1_800_000_100_250_000_000)
        #expect(
            seconds.allSatisfy { d in
                let counted = sky.counted(at: Int64(d.reading.tick))
                return d.reading.energyIn_mJ == counted.in_mJ
                    && d.reading.energyOut_mJ == counted.out_mJ
            })
        let quarters = try store.quarters(
            of: "mill", from_s: 1_800_000_900, to_s: 1_800_001_800)
        #expect(quarters.map(\.start_s) == [1_800_000_900] && quarters[0].readings == 900)
        let all = try store.events(of: "mill", from_s: 0, to_s: 4_000_000_000)
        #expect(all.count == sky.transitions + 1)
        let some = try store.events(of: "mill", from_s: 1_800_000_900, to_s: 1_800_001_800)
        #expect(
            some
                == all.filter {
                    (1_800_000_900_000_000_000..<1_800_001_800_000_000_000).contains($0.wall_ns)
                })
        #expect(try store.quarters(of: "nobody", from_s: 0, to_s: .max).isEmpty)
        #expect(try store.events(of: "mill", from_s: .min, to_s: .max).count == all.count)
    }

    @Test("Two runs in one quarter are one quarter")
    func joined() throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path + "/store.sqlite")
        var sum: (Int64, Int64) = (0, 0)
        for n in 0..<2 {
            let sky = try Sky(
                folder: scratch.path + "/\(n)", seconds: 200,
                wall_s: 1_800_000_000 + 300 * Int64(n),
                seed: UInt64(n), identity: UInt64(20 + n))
            var clerk = Clerk(store, controller: "mill", ring: sky.ring)
            _ = try clerk.catchUp()
            // The last record of each is of the first turn of its last second.
            let counted = sky.counted(at: 797)
            sum = (sum.0 + counted.in_mJ, sum.1 + counted.out_mJ)
        }
        let quarters = try store.quarters(of: "mill", from_s: 0, to_s: .max)
        #expect(quarters.count == 1 && quarters[0].readings == 400)
        #expect(quarters[0].energyIn_mJ == sum.0 && quarters[0].energyOut_mJ == sum.1)
    }

    @Test("Exports: what RFC 4180 and JSON make of texts and of what is not measured")
    func export() throws {
        let scratch = try Scratch()
        let (store, _) = try Self.store(scratch)
        func lines(_ what: Export.What, _ format: Export.Format) throws -> [String] {
            var lines: [String] = []
            let export = Export(what, format, from_s: 1_800_000_000, to_s: 1_800_000_003)
            try export.write(store, controllers: ["mill"]) { lines.append($0) }
            return lines
        }
        let csv = try lines(.seconds, .csv)
        #expect(csv.count == 4)
        #expect(csv[0].hasPrefix("time,controller,grid_V,grid_Hz,bus_V"))
        #expect(csv[1].hasPrefix("2027-01-15T08:00:00.250Z,mill,,,0.0,,"))
        #expect(
            csv.allSatisfy {
                $0.split(separator: ",", omittingEmptySubsequences: false).count == 18
            })
        for line in try lines(.quarters, .json) + lines(.seconds, .json) + lines(.events, .json) {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["controller"] as? String == "mill", "\(line)")
        }
        #expect(try lines(.quarters, .csv).count == 2)
        // For psql: a table, the rows as CSV in quotes, and a row that is there is replaced.
        let sql = try lines(.quarters, .postgresql)
        #expect(sql.count == 8 && sql.first == "BEGIN;" && sql.last == "COMMIT;")
        #expect(
            sql[1].contains(
                "CREATE TABLE IF NOT EXISTS skerry_quarters (\"start\" timestamptz NOT NULL"))
        #expect(sql[3].hasSuffix("FROM STDIN (FORMAT csv);") && sql[5] == "\\.")
        #expect(sql[4].hasPrefix("\"2027-01-15T08:00:00.000Z\",\"mill\","))
        #expect(sql[6].contains("ON CONFLICT (\"start\", \"controller\") DO UPDATE SET"))
        #expect(try lines(.events, .postgresql).contains { $0.hasSuffix("DO NOTHING;") })
        #expect(Export.sql(.text("a\"b,=\\.")) == "\"a\"\"b,=\\.\"")
        #expect(Export.csv(.text("a,\"b\"\n")) == "\"a,\"\"b\"\"\n\"")
        #expect(Export.csv(.text("=1+1")) == "'=1+1")
        #expect(Export.json(.text("\u{1}\"\\é")) == "\"\\u0001\\\"\\\\é\"")
    }

    @Test("The newest rows are kept, as many as the rule says, whatever any clock says")
    func retention() throws {
        let scratch = try Scratch()
        let (store, _) = try Self.store(scratch)
        var rule = Retention()
        #expect(try store.retire(rule) == 0)
        (rule.seconds, rule.quarters, rule.events) = (100, 2, 3)
        #expect(try store.retire(rule) > 2600)
        var seconds = 0
        try store.seconds(of: "mill", from_s: 0, to_s: .max) { _ in seconds += 1 }
        #expect(seconds == 100)
        #expect(
            try store.quarters(of: "mill", from_s: 0, to_s: .max).map(\.start_s)
                == [1_800_000_900, 1_800_001_800])
        #expect(try store.events(of: "mill", from_s: 0, to_s: .max).count == 3)
        #expect(try store.retire(rule) == 0)
    }

    @Test("Times as people write them, and what is none")
    func times() {
        #expect(UTC.text(ns: 0) == "1970-01-01T00:00:00.000Z")
        #expect(UTC.text(ns: 1_800_000_000_250_999_999) == "2027-01-15T08:00:00.250Z")
        #expect(UTC.text(ns: -1) == "1969-12-31T23:59:59.999Z")
        #expect(UTC.seconds("2027-01-15T08:00:00Z") == 1_800_000_000)
        #expect(UTC.seconds("2027-01-15") == 1_799_971_200)
        #expect(UTC.seconds("2024-02-29T23:59") == 1_709_251_140)
        for wrong in [
            "", "2027", "2027-13-01", "2027-02-29", "2027-1-5", "2027-01-15T24:00",
            "2027-01-15T08", "2027-01-15T08:00:60", "2027-01-15Z", "2027-01-15T08:00T",
            "２027-01-15",
        ] {
            #expect(UTC.seconds(wrong) == nil, "\(wrong)")
        }
        // Both ways, from 1740 to 2200.
        for day in stride(from: Int64(-84_000), through: 84_000, by: 97) {
            let text = UTC.text(ns: day * 86_400 * 1_000_000_000)
            #expect(UTC.seconds(String(text.prefix(19)) + "Z") == day * 86_400, "\(text)")
        }
    }
}
