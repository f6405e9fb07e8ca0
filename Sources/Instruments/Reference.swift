/// Where a calibration takes what is true from, as a person wrote it:
///
///     scpi://host[:5025]?query=MEAS:VOLT:DC?[&init=*RST;;CONF:VOLT:DC 10][&field=1][&scale=1][&idn=yes]
///     modbus://host[:502]/unit/register?type=float32[&order=abcd][&function=holding][&scale=1][&offset=0]
///     sunspec://host[:502]/unit?model=701&point=LLV[&instance=1][&scale=1]
///     iio://local/device/channel[?scale=1]      iio://ip:host[:30431]/device/channel[?scale=1]
///     channel:battery_voltage
///
/// Those that ask the network or a driver also take `timeout_s=` (2 where it is not written, 0.05 to
/// 60): the longest that one reading may take, the connecting again after a fault included. libiio
/// counts it from byte to byte and takes up to 5 s to connect, so an `iio://ip:` peer of ill will can
/// hold a reading longer. There are no other schemes, and nothing that a meter answers leads anywhere else.
public enum Reference: Equatable, Sendable {
    case scpi(SCPIReference)
    case modbus(ModbusReference)
    case sunSpec(SunSpecReference)
    case iio(IIOReference)
    /// Another channel of the same board, by its name; who opens it supplies the readings.
    case channel(String)

    static let schemes = ["scpi://", "modbus://", "sunspec://", "iio://", "channel:"]
    static let schemeList = schemes.joined(separator: ", ")

    /// - Throws: which part, what was written there, what to write.
    public init(parsing text: String) throws(InstrumentFault) {
        let url = try URLText(text)
        switch url.scheme {
        case "scpi": self = .scpi(try SCPIReference(url))
        case "modbus": self = .modbus(try ModbusReference(url))
        case "sunspec": self = .sunSpec(try SunSpecReference(url))
        case "iio": self = .iio(try IIOReference(url))
        case "channel": self = .channel(try Self.channelName(url))
        default:
            throw url.fault(
                "scheme \(quoted(url.scheme)) is unknown", "write one of \(Self.schemeList)")
        }
    }

    private static func channelName(_ url: URLText) throws(InstrumentFault) -> String {
        let name = url.path.count == 1 ? url.path[0] : ""
        let isName =
            (1...100).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20)
                    || [0x2D, 0x2E, 0x5F].contains($0)
            }
        guard url.authority == nil, isName else {
            throw url.fault(
                "the channel has no name of a channel",
                "write channel: and a name of the board file, as channel:battery_voltage")
        }
        try KeyReader(url).end()
        return name
    }
}

/// A newest reading of a channel of the board that is being calibrated, by the channel's name.
public typealias ChannelReader =
    (_ channel: String) throws(InstrumentFault) -> InstrumentReading

extension Reference {
    /// Connects and finds out what answers there, so that a mistake shows before the first point.
    ///
    /// - Parameter channel: reads another channel of the board, for `channel:`.
    /// - Throws: where nobody answers, or not as the reference says. Within `timeout_s` for each thing
    ///   that is asked, and what the system's resolver takes for a host name.
    public func open(channel: ChannelReader? = nil) throws(InstrumentFault) -> any Instrument {
        switch self {
        case .scpi(let reference): return try SCPIInstrument(reference)
        case .modbus(let reference): return try ModbusInstrument(reference)
        case .sunSpec(let reference): return try SunSpecInstrument(reference)
        case .iio(let reference): return try IIOInstrument(reference)
        case .channel(let name):
            guard let channel else {
                throw InstrumentFault(
                    "channel \(name) cannot be read here: no board runs",
                    "name a meter of its own")
            }
            return ChannelInstrument(name, channel)
        }
    }
}
