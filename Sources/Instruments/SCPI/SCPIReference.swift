/// A meter that answers SCPI over a raw socket:
/// `scpi://host[:5025]?query=MEAS:VOLT:DC?&init=…;;…&field=1&scale=1&idn=yes&timeout_s=2`.
public struct SCPIReference: Equatable, Sendable {
    /// 5025 where no port is written: IANA's `scpi-raw`.
    public let place: NetworkPlace
    /// Asked for each reading; has a question mark.
    public let query: String
    /// Sent after each connecting, each as a line; none of them asks anything. In the URL apart by `;;`.
    public let setUp: [String]
    /// Which value of several in one answer, from 1; nil: there must be one.
    public let field: Int?
    /// What a reading is multiplied by: `0.001` for a meter that answers mV and a channel in V.
    public let scale: Double
    /// Whether `*IDN?` is asked, for the name, and to notice another meter after a lost connection.
    public let asksIdentity: Bool
    public let timeout_s: Double

    init(_ url: URLText) throws(InstrumentFault) {
        place = try url.place(port: 5025)
        guard url.path.allSatisfy(\.isEmpty), url.path.count <= 1 else {
            throw url.fault(
                "a path (\(quoted(url.path.joined(separator: "/")))) follows the host",
                "write the question as ?query=")
        }
        var keys = KeyReader(url)
        guard let query = try keys.text("query") else {
            throw url.fault("query= is missing", "write what to ask, as query=MEAS:VOLT:DC?")
        }
        guard query.contains("?") else {
            throw url.fault(
                "query=\(printable(Array(query.utf8), most: 60)) asks nothing",
                "write a question, which has a question mark, and put commands into init=")
        }
        self.query = query
        setUp = try Self.commands(try keys.text("init"), in: url)
        field = try keys.text("field") == nil ? nil : keys.whole("field", else: 1, in: 1...999)
        scale = try keys.scale()
        asksIdentity = try keys.choice("idn", else: YesNo.yes) == .yes
        timeout_s = try keys.timeout_s()
        try keys.end()
    }

    private enum YesNo: String, CaseIterable { case yes, no }

    private static func commands(
        _ text: String?, in url: URLText
    ) throws(InstrumentFault) -> [String] {
        guard let text else { return [] }
        var rest = Array(text.utf8)[...]
        var all: [String] = []
        var one: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: ";"), rest.first == UInt8(ascii: ";") {
                rest.removeFirst()
                all.append(String(decoding: one, as: UTF8.self))
                one = []
            } else {
                one.append(byte)
            }
        }
        all.append(String(decoding: one, as: UTF8.self))
        for command in all {
            guard command.utf8.contains(where: { $0 != 0x20 }) else {
                throw url.fault("init= has an empty command", "write commands apart by ;;")
            }
            guard !command.contains("?") else {
                throw url.fault(
                    "init= asks (\(quoted(command)))",
                    "leave the question out: its answer would be taken for the reading")
            }
        }
        return all
    }
}
