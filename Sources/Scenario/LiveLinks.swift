import Control
import Link
import Loop

/// A link to each controller of a run in real time, as `skerryd` has one: a Unix socket of the controller's
/// name, over which other programs watch it and ask things of it.
public final class LiveLinks {
    private var servers: [(name: String, server: LinkServer)] = []

    /// - Parameters:
    ///   - folder: is there; sockets are made in it.
    ///   - access: who may watch and command, besides this user.
    ///   - status: lines `key: value` about the run, from the threads of the links.
    public init(
        _ rings: LiveRings, in folder: String, rate_Hz: Double, access: LinkAccess = LinkAccess(),
        status: @escaping @Sendable () -> String
    ) throws(LinkFault) {
        for one in rings.all {
            let server = try LinkServer(
                LinkOptions(
                    path: Self.path(of: one.name, in: folder), access: access, site: one.name,
                    stages: one.stages, rate: TickRate(perSecond: Float(rate_Hz)),
                    limits: one.limits), ring: one.ring, wishes: one.wishes, status: status)
            try server.start()
            servers.append((one.name, server))
        }
    }

    /// The socket of a controller.
    public static func path(of name: String, in folder: String) -> String {
        "\(folder)/\(name).sock"
    }

    /// Says goodbye to who listens. A second call does nothing.
    public func finish() { for (_, server) in servers { server.stop() } }
}
