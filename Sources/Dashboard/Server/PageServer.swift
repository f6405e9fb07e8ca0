import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import SiteFile

/// The page and the API on a socket.
public struct PageServer: Sendable {
    private let hub: Hub
    private let address: ListenAddress
    private let tls: TLSConfiguration?
    private let terms: ConnectionTerms
    /// Connections at once; more wait.
    private static let mostConnections = 256

    /// What keeps the page from being served.
    public struct Fault: Error, Equatable, Sendable {
        public var words: String
    }

    /// - Throws: where a certificate or key cannot be read.
    public init(_ hub: Hub, _ page: SiteFile.PageSettings) throws(Fault) {
        try self.init(hub, page, ConnectionTerms())
    }
    init(_ hub: Hub, _ page: SiteFile.PageSettings, _ terms: ConnectionTerms) throws(Fault) {
        self.hub = hub
        self.terms = terms
        guard let address = ListenAddress(page.listen) else {
            throw Fault(words: "\(page.listen) is no address and port: write 127.0.0.1:8480")
        }
        self.address = address
        guard let certificate = page.certificate, let key = page.key else {
            tls = nil
            return
        }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate)
            var made = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            made.minimumTLSVersion = .tlsv12
            // A key of another certificate is found here, not when the port is open.
            _ = try TLSChannel(HTTP1Channel { _, _, _ in }, tlsConfiguration: made)
            tls = made
        } catch {
            throw Fault(
                words: "\(certificate), \(key): \(error): write PEM files that belong together")
        }
    }

    /// Serves until the process ends. Not to be cancelled: NIO traps where a server is cancelled while a
    /// connection waits to be taken, and a hub that is told to end just ends.
    ///
    /// - Parameter running: hears the port once it is open.
    /// - Throws: where the port cannot be had.
    public func run(running: @escaping @Sendable (Int) -> Void) async throws {
        let newest = NewestSnapshot(hub.plan, hub.feed, hub.clocks)
        let router = Router(context: HubContext.self, options: .autoGenerateHeadEndpoints)
        router.middlewares.add(Doorkeeper(isLoopback: address.isLoopback, isTLS: tls != nil))
        ReadRoutes(hub, newest).add(to: router)
        TurnRoutes(hub).add(to: router)
        let signing = Signing(hub, isTLS: tls != nil)
        signing.add(to: router)
        Commanding(hub: hub, signing: signing).add(to: router)
        var logger = Logger(label: "page")
        logger.logLevel = .error
        // Long enough for a phone that slept, short enough that idle connections do not pile up.
        let guests = Guests(terms)
        let plain = HTTPServerBuilder.http1(
            configuration: .init(
                additionalChannelHandlers: [Patience(guests)],
                idleTimeout: .seconds(60),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 8192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 64)))
        let application = Application(
            router: router, server: try tls.map { try .tls(plain, tlsConfiguration: $0) } ?? plain,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: "skerry",
                availableConnectionsDelegate: MaximumAvailableConnections(
                    Self.mostConnections, logger: logger)),
            onServerRunning: { channel in running(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    newest.renew()
                    try await Task.sleep(for: .milliseconds(1000 / NewestSnapshot.perSecond))
                }
            }
            group.addTask { try await application.run() }
            try await group.next()
            group.cancelAll()
        }
    }
}
