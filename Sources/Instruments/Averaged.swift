/// The mean of several readings, and how well the mean is known from their spread alone.
public struct InstrumentAverage: Equatable, Sendable {
    /// In the unit of the readings.
    public var mean: Double
    /// The experimental standard deviation of the mean, s/√n (GUM, JCGM 100:2008, 4.2.3): a type A
    /// uncertainty. Readings that follow each other faster than the meter settles are not independent,
    /// and then it is too small.
    public var standardDeviationOfMean: Double
    /// How many readings it is of, 2 or more.
    public var count: Int
    /// How many readings failed in between.
    public var faults: Int
    /// The coarsest resolution among the readings, 0 where none is known.
    public var resolution: Double

    public init(
        mean: Double, standardDeviationOfMean: Double, count: Int, faults: Int, resolution: Double
    ) {
        self.mean = mean
        self.standardDeviationOfMean = standardDeviationOfMean
        self.count = count
        self.faults = faults
        self.resolution = resolution
    }
}

/// Takes several readings of a meter at an interval. Has no clock: who uses it says how to wait.
public struct Averaged {
    /// 2 to 10,000: one reading has no spread.
    public var count: Int
    /// Between the end of one reading and the beginning of the next, 0 to 60.
    public var interval_s: Double
    /// So many faults one after another end it, 1 to 100.
    public var faultsInARow: Int

    public init(count: Int, interval_s: Double, faultsInARow: Int = 3) {
        self.count = count
        self.interval_s = interval_s
        self.faultsInARow = faultsInARow
    }

    /// - Parameter sleep: waits so many seconds; a fault it throws (somebody interrupted) is passed on.
    /// - Throws: after `faultsInARow` faults in a row, in the words of the last, and where a count is out
    ///   of its range. At most `count` × `faultsInARow` readings are asked for.
    public func take(
        _ instrument: any Instrument, sleep: (_ seconds: Double) throws(InstrumentFault) -> Void
    ) throws(InstrumentFault) -> InstrumentAverage {
        guard (2...10_000).contains(count), (1...100).contains(faultsInARow),
            (0...60).contains(interval_s)
        else {
            throw InstrumentFault(
                "\(count) readings every \(interval_s) s, \(faultsInARow) faults, make no mean",
                "take 2 to 10000 readings, 0 to 60 s apart, and let 1 to 100 faults pass")
        }
        // Welford's recurrence: no difference of large squares.
        var average = InstrumentAverage(
            mean: 0, standardDeviationOfMean: 0, count: 0, faults: 0, resolution: 0)
        var squares = 0.0
        var row = 0
        while average.count < count {
            if average.count + average.faults > 0 { try sleep(interval_s) }
            do throws(InstrumentFault) {
                let reading = try instrument.read()
                row = 0
                average.count += 1
                let step = reading.value - average.mean
                average.mean += step / Double(average.count)
                squares += step * (reading.value - average.mean)
                average.resolution = max(average.resolution, reading.resolution)
            } catch {
                row += 1
                average.faults += 1
                guard row < faultsInARow else {
                    throw InstrumentFault(
                        "\(row) faults in a row after \(average.count) of \(count) readings, the last: \(error.message)",
                        error.remedy)
                }
            }
        }
        let n = Double(count)
        average.standardDeviationOfMean = (squares / (n - 1) / n).squareRoot()
        return average
    }
}
