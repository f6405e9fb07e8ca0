/// Where a served converter's samples come from: something that knows what its inputs see, sample by
/// sample, for as long as it is asked. Only one thread asks at a time, the feed's.
public protocol WaveSource: Sendable {
    /// Samples per second of each column, above 0.
    var rate_Hz: Double { get }
    /// Columns, in the order of the device's scan channels (the timestamp is no column).
    var columns: Int { get }
    /// Samples it likes to make at a time, 1 or more: the pace of its clock.
    var block: Int { get }
    /// Makes the next `count` samples, a multiple of `block`: `count` rows of `columns` counts, row by
    /// row.
    func next(_ count: Int, into rows: UnsafeMutableBufferPointer<Int32>)
}

/// Where a served output device's samples go.
public protocol WaveSink: Sendable {
    /// Rows of counts of the channels that the client opened, row by row.
    func take(_ rows: [Int32], columns: Int)
}

/// What the time of a feed is.
public enum Pace: Sendable {
    /// Sample k is due k/rate after the first client opened the device; who is too slow loses samples.
    case realTime
    /// As fast as all clients take them; nothing is lost, timestamps begin at zero. For tests.
    case free
}
