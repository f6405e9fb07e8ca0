import Foundation
import Testing

@testable import Report

@Suite("The table of figures")
struct FigureTableTests {
    @Test("Points stand under each other, and so do units")
    func aligned() {
        let figures: [Trace.Figure] = [
            .init(
                group: "Islanding", name: "Opened after", value: 118, unit: .ms, note: "limit 160"),
            .init(group: "Islanding", name: "Lowest", value: 49.641, unit: .Hz, tone: .attention),
            .init(group: "Loop", name: "Verdict", value: "sound"),
            .init(group: "Islanding", name: "Δ 同期", value: -0.5, unit: .degree, tone: .alarm),
            .init(group: "Loop", name: "Inrush", value: Double.nan, unit: .A),
            .init(group: "Loop", name: "Tiny", value: 1.5e-7, unit: .s),
        ]
        let expected = """
            Islanding
              Opened after    118       ms  limit 160
            ! Lowest           49.641   Hz
            !!Δ 同期           -0.5     °

            Loop
              Verdict       sound
              Inrush            –       A
              Tiny              1.50e-7 s

            """
        #expect(FigureTable(figures).text() == expected)
        #expect(FigureTable([]).text() == "")
    }

    @Test("JSON another program reads, with every digit")
    func json() throws {
        let figures: [Trace.Figure] = [
            .init(
                group: "a\"b", name: "</script>\u{1}\n", value: 0.1 + 0.2, unit: .us, note: "µ → ü"),
            .init(group: "g", name: "n", value: .missing), .init(group: "g", name: "t", value: "x"),
        ]
        let text = FigureTable(figures).json()
        let array = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let rows = try #require(array as? [[String: Any]])
        #expect(rows.count == 3)
        #expect(rows[0]["group"] as? String == "a\"b")
        #expect(rows[0]["name"] as? String == "</script>\u{1}\n")
        #expect(text.contains("\"value\":0.30000000000000004,"))
        #expect(rows[0]["unit"] as? String == "µs")
        #expect(rows[1]["value"] is NSNull)
        #expect(rows[2]["value"] as? String == "x")
        #expect(try JSONSerialization.jsonObject(with: Data(FigureTable([]).json().utf8)) is [Any])
    }

    @Test("The whole summary as JSON keeps a seed of 64 bits")
    func summary() throws {
        var trace = outage(seconds: 6)
        trace.seed = .max
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(trace.summaryJSON().utf8)) as? [String: Any]
        )
        #expect(object["seed"] as? String == "18446744073709551615")
        #expect(object["duration_s"] as? Double == 6)
        #expect((object["figures"] as? [Any])?.count == trace.figures.count)
        #expect((object["events"] as? [Any])?.count == trace.events.count)
    }

    @Test("Numbers are written for people")
    func numbers() {
        for (number, text) in [
            (0, "0"), (1, "1"), (-0.0, "0"), (49.6414, "49.641"), (118, "118"), (0.03, "0.03"),
            (123_456.7, "123457"), (9999.96, "10000"), (0.000123456, "0.00012346"),
            (1.5e-7, "1.50e-7"), (-2.5e15, "-2.50e15"), (.nan, "–"), (99.9996, "100"),
            (5000, "5000"),
            (9.999e-5, "1.00e-4"),
        ] {
            #expect(NumberText.figure(number) == text)
        }
        #expect(NumberText.fixed(-0.04, 1) == "0.0")
        #expect(NumberText.fixed(2.5, 0) == "3")
        #expect(NumberText.fixed(12.05, 3) == "12.050")
        #expect(TimeText.clock(3723.46, places: 1) == "1:02:03.5")
        #expect(TimeText.clock(600.0601, places: 3) == "0:10:00.060")
        #expect(TimeText.clock(59.96, places: 1) == "0:01:00.0")
        #expect(TimeText.long(200) == "3 min 20 s")
        #expect(TimeText.long(93_900) == "26 h 5 min")
    }
}
