import Testing

@testable import SiteView

@Suite("What of the past may be asked for")
struct QuestionTests {
    private func ask(
        from_s: Int64 = 0, to_s: Int64 = 86_400, step_s: Int64 = 900, _ figures: [String] = []
    ) throws(HistoryQuestion.Fault) -> HistoryQuestion {
        try HistoryQuestion(
            controller: "mill", from_s: from_s, to_s: to_s, step_s: step_s, figures: figures)
    }
    private func refusal(_ work: () throws(HistoryQuestion.Fault) -> HistoryQuestion) -> String? {
        do throws(HistoryQuestion.Fault) {
            _ = try work()
            return nil
        } catch { return error.words }
    }

    @Test("All figures where none is named; those that are named in their order")
    func figures() throws {
        #expect(try ask().figures.count == 14)
        #expect(try ask(["pv_W", "bus_Hz"]).figures == ["pv_W", "bus_Hz"])
        let words = refusal { () throws(HistoryQuestion.Fault) in try ask(["pv_W", "pv_kW"]) }
        #expect(words?.contains("no figure pv_kW") == true && words?.contains("wind_W") == true)
    }

    @Test("Steps: seconds up to 899, then whole quarters, a year at most")
    func steps() {
        for step: Int64 in [1, 60, 899, 900, 1800, 86_400, 366 * 86_400] {
            #expect(
                refusal { () throws(HistoryQuestion.Fault) in
                    try ask(to_s: 10_000, step_s: step)
                } == nil, "\(step)")
        }
        for step: Int64 in [.min, -900, -1, 0, 901, 1000, 366 * 86_400 + 900, .max] {
            let words = refusal { () throws(HistoryQuestion.Fault) in
                try ask(to_s: 10_000, step_s: step)
            }
            #expect(words?.contains("multiple of 900") == true, "\(step)")
        }
    }

    @Test("20 000 points at most, of 200 years at most")
    func points() {
        func words(_ to_s: Int64, _ step_s: Int64) -> String? {
            refusal { () throws(HistoryQuestion.Fault) in try ask(to_s: to_s, step_s: step_s) }
        }
        #expect(words(20_000, 1) == nil)
        #expect(words(20_001, 1)?.contains("larger step_s") == true)
        #expect(words(20_000 * 900, 900) == nil)
        #expect(words(20_001 * 900, 900) != nil)
        #expect(words(200 * 366 * 86_400, 86_400 * 366) == nil)
        #expect(words(200 * 366 * 86_400 + 1, 86_400 * 366) != nil)
    }

    @Test("A time that runs back, or has no length")
    func backwards() {
        for (from, to): (Int64, Int64) in [(10, 10), (11, 10), (.max, .min)] {
            let words = refusal { () throws(HistoryQuestion.Fault) in
                try ask(from_s: from, to_s: to)
            }
            #expect(words == "from is not before to")
        }
        // The whole of time is too long, and no overflow.
        #expect(
            refusal { () throws(HistoryQuestion.Fault) in
                try ask(from_s: .min, to_s: .max)
            } != nil)
    }
}
