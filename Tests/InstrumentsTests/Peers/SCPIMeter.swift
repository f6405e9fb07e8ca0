import Foundation

@testable import Instruments

/// A meter that answers `*IDN?` and a question, as a test tells it to.
struct SCPIMeter {
    static let identity = "Skerry Test,M1,0042,1.0"
    let listener: Listener

    /// - Parameter answer: says what it says to a line, from which connection (from 0) and which line of
    ///   that connection (from 0, `*IDN?` not counted); false ends the connection.
    init(
        isIPv6: Bool = false, identity: String? = SCPIMeter.identity,
        _ answer:
            @escaping @Sendable (_ wire: Wire, _ line: String, _ connection: Int, _ n: Int) ->
            Bool
    ) throws {
        listener = try Listener(isIPv6: isIPv6) { wire, connection in
            var n = 0
            while let line = wire.line() {
                if line == "*IDN?" {
                    if let identity { wire.send(identity + "\n") }
                    continue
                }
                guard answer(wire, line, connection, n) else { return }
                n += 1
            }
        }
    }

    /// Answers every question alike.
    init(saying text: String) throws {
        try self.init { wire, _, _, _ in wire.send(text) }
    }

    /// - Parameter timeout_s: long, where an answer is expected, for the tests share their cores.
    func url(_ more: String = "", timeout_s: Double = 5) -> String {
        "scpi://\(listener.host):\(listener.port)?query=READ?&timeout_s=\(timeout_s)\(more)"
    }
    func open(
        _ more: String = "", timeout_s: Double = 5
    ) throws(InstrumentFault) -> any Instrument {
        try Reference(parsing: url(more, timeout_s: timeout_s)).open()
    }
}
