/// Another channel of the same board as a reference: one that is already calibrated, or a shunt
/// wired for the occasion.
public final class ChannelInstrument: Instrument {
    private let channel: String
    private let reader: ChannelReader

    /// - Parameters:
    ///   - channel: as the board file names it.
    ///   - reader: its newest reading, in the unit of the channel.
    public init(_ channel: String, _ reader: @escaping ChannelReader) {
        self.channel = channel
        self.reader = reader
    }

    public var name: String { "channel \(channel)" }

    public func read() throws(InstrumentFault) -> InstrumentReading {
        let reading = try reader(channel)
        guard reading.value.isFinite else {
            throw InstrumentFault(
                "channel \(channel) reads no finite number", "see why with skerry check --probe")
        }
        return reading
    }
}
