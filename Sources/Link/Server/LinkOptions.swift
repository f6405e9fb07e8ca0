import Control

/// What a server is told once.
public struct LinkOptions: Sendable {
    /// Bytes of the longest path: sockaddr_un holds 108 with the nil at its end (unix(7)).
    public static let mostPath = 107

    public var path: String
    /// Of the socket file.
    public var mode: UInt32
    /// The group the socket, and a folder made for it, are given to; nil leaves it the server's.
    public var group: UInt32?
    public var access: LinkAccess
    public var site: String
    /// Names of the protection stages, in the order of the settings.
    public var stages: [String]
    public var rate: TickRate
    /// The controller's own.
    public var limits: SetpointLimits
    /// At once, 3 ... 16; two places are kept for those who may command.
    public var mostClients: Int
    /// Memory of each client for what it has not read yet, 32 KiB ... 1 MiB.
    public var outputBytes: Int
    /// A client that takes nothing of what waits for it for this long is let go, s, 0.1 or more.
    public var stallAfter_s: Double

    public init(
        path: String, mode: UInt32 = 0o660, group: UInt32? = nil,
        access: LinkAccess = LinkAccess(), site: String, stages: [String] = [], rate: TickRate,
        limits: SetpointLimits, mostClients: Int = 16, outputBytes: Int = 128 << 10,
        stallAfter_s: Double = 30
    ) {
        precondition((3...16).contains(mostClients), "3 to 16 clients")
        precondition((32 << 10...1 << 20).contains(outputBytes), "32 KiB to 1 MiB a client")
        precondition(stallAfter_s >= 0.1, "0.1 s or more")
        self.path = path
        self.mode = mode
        self.group = group
        self.access = access
        self.site = site
        self.stages = stages
        self.rate = rate
        self.limits = limits
        self.mostClients = mostClients
        self.outputBytes = outputBytes
        self.stallAfter_s = stallAfter_s
    }
}

/// What a server counted since its start.
public struct LinkCounts: Equatable, Sendable {
    /// Clients that are there now.
    public var clients = 0
    public var connections: UInt64 = 0
    /// Peers turned away: without the right, for want of a place, or because the kernel would not
    /// give them a descriptor.
    public var refusedPeers: UInt64 = 0
    public var full: UInt64 = 0
    public var acceptFaults: UInt64 = 0
    public var frames: UInt64 = 0
    /// Streams that ended in what is no frame, or none a client may send.
    public var refusedFrames: UInt64 = 0
    /// Streams that ended in the middle of a frame.
    public var brokenOff: UInt64 = 0
    public var acceptedWishes: UInt64 = 0
    /// Requests answered with a refusal.
    public var refusedRequests: UInt64 = 0
    public var recordsSent: UInt64 = 0
    /// Records that clients wanted and did not get.
    public var recordsLost: UInt64 = 0
    /// Clients let go because they took nothing.
    public var stalled: UInt64 = 0
    public init() {}
}
