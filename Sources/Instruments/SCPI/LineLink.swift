/// A connection that answers each question with one line. Memory is bounded whatever comes.
struct LineLink: ~Copyable {
    /// No answer of a meter is as long.
    static let longest = 4096

    private let socket: TCPSocket
    /// Whether the next line will be the answer to the next question.
    var isInStep: Bool { socket.isQuiet }

    init(to addresses: [SocketAddress], by deadline: Deadline) throws(WireFault) {
        socket = try TCPSocket(to: addresses, by: deadline)
    }

    func tell(_ command: String, by deadline: Deadline) throws(WireFault) {
        try socket.send(Array(command.utf8) + [0x0A], by: deadline)
    }

    /// - Returns: the line without its line feed.
    /// - Throws: after any of these the connection is of no use any more: the answer may still come.
    func ask(_ question: String, by deadline: Deadline) throws(WireFault) -> [UInt8] {
        try tell(question, by: deadline)
        var line: [UInt8] = []
        while true {
            let bytes = try socket.receive(most: 1024, by: deadline)
            if let end = bytes.firstIndex(of: 0x0A) {
                guard end == bytes.count - 1 else { throw .outOfStep }
                return line + bytes.dropLast()
            }
            line += bytes
            guard line.count <= Self.longest else { throw .overlong(line.count) }
        }
    }
}
