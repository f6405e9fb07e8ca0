/// What a frame's body is. Numbers go over the wire: a new kind takes a new one, none changes.
public enum LinkKind: UInt8, CaseIterable, Sendable {
    /// Server: who it is, and what this client may do. Always its first frame, unless it is `goodbye`.
    case hello = 1
    /// Client: which records it wants.
    case subscribe = 2
    /// Server: one record.
    case record = 3
    /// Server: how many records this client did not get.
    case lost = 4
    /// Client: a wish, and how long it is to hold.
    case setpoints = 5
    /// Server: whether a request was accepted, else why not.
    case answer = 6
    /// Client: asks for `status`.
    case statusRequest = 7
    /// Server: lines `key: value`.
    case status = 8
    /// Either: why it closes; the last frame of a connection.
    case goodbye = 9

    /// The only length, or the shortest and the longest, of a body of this kind in bytes.
    public var lengths: ClosedRange<Int> {
        switch self {
        case .hello: Hello.fixedBytes...Hello.fixedBytes + Hello.mostText
        case .subscribe: Subscription.byteCount...Subscription.byteCount
        case .record: SentRecord.byteCount...SentRecord.byteCount
        case .lost: Losses.byteCount...Losses.byteCount
        case .setpoints: WishRequest.byteCount...WishRequest.byteCount
        case .answer: Answer.fixedBytes...Answer.fixedBytes + Answer.mostText
        case .statusRequest: 0...0
        case .status: Status.fixedBytes...Status.fixedBytes + Status.mostText
        case .goodbye: Goodbye.fixedBytes...Goodbye.fixedBytes + Goodbye.mostText
        }
    }
    /// A client may send it.
    public var isRequest: Bool {
        switch self {
        case .subscribe, .setpoints, .statusRequest, .goodbye: true
        case .hello, .record, .lost, .answer, .status: false
        }
    }
}

/// The version of the kinds and bodies; `FrameHead.version` is that of the envelope.
public let linkVersion: UInt8 = 1

/// What a peer may do.
public enum LinkRole: UInt8, Sendable {
    /// Records and status.
    case watch = 1
    /// Setpoints too.
    case command = 2
}
