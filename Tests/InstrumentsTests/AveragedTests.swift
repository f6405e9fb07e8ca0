import Testing

@testable import Instruments

/// Gives what it was told to, reading by reading.
final class Scripted: Instrument {
    let name = "scripted"
    private var rest: ArraySlice<Double?>
    private(set) var asked = 0
    init(_ values: [Double?]) { rest = values[...] }
    func read() throws(InstrumentFault) -> InstrumentReading {
        asked += 1
        guard let next = rest.popFirst(), let value = next else {
            throw InstrumentFault("fault \(asked)", "mend \(asked)")
        }
        return InstrumentReading(value, resolution: value.magnitude * 1e-3)
    }
}

@Suite("Averages of readings") struct AveragedTests {
    private func take(
        _ averaged: Averaged, _ instrument: Scripted, _ waits: inout [Double]
    ) throws(InstrumentFault) -> InstrumentAverage {
        var seen: [Double] = []
        defer { waits = seen }
        return try averaged.take(instrument) { seen.append($0) }
    }

    @Test("Mean and standard deviation of the mean are those of GUM 4.2")
    func mean() throws {
        var waits: [Double] = []
        let average = try take(
            Averaged(count: 4, interval_s: 0.25), Scripted([10, 12, 9, 13]), &waits)
        // s² = (1 + 1 + 4 + 4)/3; s/√4.
        #expect(average.mean == 11 && average.count == 4 && average.faults == 0)
        #expect(abs(average.standardDeviationOfMean - (10.0 / 3 / 4).squareRoot()) < 1e-15)
        #expect(average.resolution == 13 * 1e-3)
        #expect(waits == [0.25, 0.25, 0.25])
    }

    @Test("A large offset costs no digits")
    func offset() throws {
        var waits: [Double] = []
        let values = (0..<1000).map { 1e9 + Double($0 % 2) }
        let average = try take(Averaged(count: 1000, interval_s: 0), Scripted(values), &waits)
        // s² = 250/999; s/√1000.
        let expected = (250.0 / 999 / 1000).squareRoot()
        #expect(abs(average.standardDeviationOfMean - expected) < expected * 1e-6)
        #expect(abs(average.mean - 1_000_000_000.5) < 1e-6)
    }

    @Test("Faults between readings are counted and waited after")
    func faults() throws {
        var waits: [Double] = []
        let instrument = Scripted([nil, 1, nil, nil, 3, 2])
        let average = try take(Averaged(count: 3, interval_s: 1), instrument, &waits)
        #expect(average.mean == 2 && average.count == 3 && average.faults == 3)
        #expect(instrument.asked == 6 && waits.count == 5)
    }

    @Test("Faults in a row end it, in the words of the last")
    func row() throws {
        var waits: [Double] = []
        let instrument = Scripted([1, nil, 2, nil, nil, nil, 3])
        let end = fault { () throws(InstrumentFault) in
            try take(Averaged(count: 5, interval_s: 0), instrument, &waits)
        }
        #expect(end?.message == "3 faults in a row after 2 of 5 readings, the last: fault 6")
        #expect(end?.remedy == "mend 6" && instrument.asked == 6)
    }

    @Test("Somebody can interrupt it")
    func interrupted() throws {
        let instrument = Scripted([1, 2, 3])
        let end = fault { () throws(InstrumentFault) in
            try Averaged(count: 3, interval_s: 0).take(instrument) {
                _ throws(InstrumentFault) in throw InstrumentFault("interrupted", "begin again")
            }
        }
        #expect(end?.message == "interrupted" && instrument.asked == 1)
    }

    @Test(
        "Counts that make no mean are refused",
        arguments: [
            (1, 0, 3), (0, 0, 3), (10_001, 0, 3), (2, -1, 3), (2, .nan, 3), (2, 61, 3), (2, 0, 0),
        ] as [(Int, Double, Int)])
    func refused(_ count: Int, _ interval_s: Double, _ row: Int) {
        let instrument = Scripted([1, 2])
        let averaged = Averaged(count: count, interval_s: interval_s, faultsInARow: row)
        let end = fault { () throws(InstrumentFault) in try averaged.take(instrument) { _ in } }
        #expect(end?.remedy.contains("2 to 10000") == true && instrument.asked == 0)
    }
}
