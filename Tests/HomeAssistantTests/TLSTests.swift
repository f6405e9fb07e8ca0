import Children
import Foundation
import Testing

@testable import HomeAssistant

/// Authorities and certificates made for one test.
private struct Certificates {
    let folder: TemporaryFolder
    init(_ folder: TemporaryFolder) throws {
        self.folder = folder
        for authority in ["ca", "rogue"] {
            try Child.must(
                "openssl",
                Self.key + [
                    "req", "-x509", "-days", "2", "-subj", "/CN=\(authority)", "-nodes", "-keyout",
                    file("\(authority).key"), "-out", file("\(authority).pem"),
                ])
        }
        try sign("broker", by: "ca", "subjectAltName=IP:127.0.0.1")
        try sign("elsewhere", by: "ca", "subjectAltName=IP:127.0.0.2")
        try sign("hub", by: "ca", "extendedKeyUsage=clientAuth")
        try sign("stranger", by: "rogue", "extendedKeyUsage=clientAuth")
    }
    private static let key: [String] = []
    func file(_ name: String) -> String { "\(folder.path)/\(name)" }

    private func sign(_ name: String, by authority: String, _ extensions: String) throws {
        try Child.must(
            "openssl",
            [
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-subj", "/CN=\(name)", "-keyout", file("\(name).key"), "-out", file("\(name).csr"),
            ])
        let text = try folder.write("\(name).ext", extensions)
        try Child.must(
            "openssl",
            [
                "x509", "-req", "-in", file("\(name).csr"), "-CA", file("\(authority).pem"),
                "-CAkey",
                file("\(authority).key"), "-CAcreateserial", "-days", "2", "-extfile", text, "-out",
                file("\(name).pem"),
            ])
    }
    func tls(_ authority: String, _ name: String?) -> BrokerSettings.TLS {
        BrokerSettings.TLS(
            authorityFile: file("\(authority).pem"),
            certificateFile: name.map { file("\($0).pem") },
            keyFile: name.map { file("\($0).key") })
    }
    func broker(_ name: String) throws -> Mosquitto {
        try Mosquitto(
            """
            cafile \(file("ca.pem"))
            certfile \(file("\(name).pem"))
            keyfile \(file("\(name).key"))
            require_certificate true
            use_identity_as_username true
            allow_anonymous false
            """, folder: folder)
    }
}

@Suite("TLS with certificates on both sides")
struct TLSTests {
    let village = Village()

    private func words(_ broker: Mosquitto, _ tls: BrokerSettings.TLS?) throws -> String? {
        var settings = BrokerSettings.test(broker.port)
        settings.tls = tls
        let bridge = try village.bridge(settings)
        #expect(bridge.start())
        defer { bridge.stop() }
        until("it comes to something") {
            bridge.counters.failures > 0 || bridge.counters.acked > 0
        }
        guard bridge.counters.failures > 0 else { return nil }
        #expect(bridge.counters.connects == 0 && bridge.counters.acked == 0)
        if case .absent(let words) = bridge.standing { return words }
        return ""
    }

    @Test("The right certificate is let in; each wrong one is refused, and the words name it")
    func certificates() throws {
        let folder = try TemporaryFolder()
        let made = try Certificates(folder)
        let broker = try made.broker("broker")
        #expect(try words(broker, made.tls("ca", "hub")) == nil)
        let rogue = try words(broker, made.tls("ca", "stranger"))
        #expect(rogue?.contains("refuses our client certificate") == true, "\(rogue ?? "let in")")
        #expect(rogue?.contains("stranger.pem") == true)
        let none = try words(broker, made.tls("ca", nil))
        #expect(none?.contains("wants a client certificate") == true, "\(none ?? "let in")")
        let wrong = try words(broker, made.tls("rogue", "hub"))
        #expect(wrong?.contains("rogue.pem did not sign it") == true, "\(wrong ?? "let in")")
        let plain = try words(broker, nil)
        #expect(plain != nil, "without TLS at a port with it")
        broker.stop()
        let other = try made.broker("elsewhere")
        let name = try words(other, made.tls("ca", "hub"))
        #expect(name?.contains("another host's") == true, "\(name ?? "let in")")
        other.stop()
        // A key that is another's: nothing is asked of a terminal, and it ends.
        var mixed = made.tls("ca", "hub")
        mixed.keyFile = made.file("stranger.key")
        let again = try made.broker("broker")
        #expect(try words(again, mixed) != nil)
        let open = try Mosquitto()
        let bare = try words(open, made.tls("ca", "hub"))
        #expect(bare != nil, "TLS at a port without it")
    }
}
