import Access
import Children
import Feed
import Foundation
import Recorder
import SiteFile
import Testing

@testable import Dashboard

/// The system's openssl, for a certificate and for a client that is none of ours.
enum OpenSSL {
    static func run(_ arguments: [String], input: String = "") throws -> (code: Int32, text: String)
    {
        let (code, text) = try Child.run("openssl", arguments, input: input)
        return (code, text)
    }
    /// A certificate that signs itself, and its key.
    static func certificate(_ name: String, in folder: String) throws -> (
        certificate: String, key: String
    ) {
        let (certificate, key) = ("\(folder)/\(name).pem", "\(folder)/\(name).key")
        let made = try run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ])
        #expect(made.code == 0, "\(made.text)")
        return (certificate, key)
    }
}

@Suite("The page by TLS")
struct TLSTests {
    let folder = NSTemporaryDirectory() + "skerry-tls-\(UUID().uuidString)"
    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func settings(_ certificate: String?, _ key: String?) -> SiteFile.PageSettings {
        var page = SiteFile.PageSettings()
        (page.listen, page.certificate, page.key) = ("127.0.0.1:0", certificate, key)
        return page
    }
    /// What keeps a page of these settings from being served.
    private func fault(_ page: SiteFile.PageSettings) throws -> String? {
        let feed = Feed([], clock: { 0 })
        let store = try Store(path: "\(folder)/\(UUID().uuidString).sqlite")
        let hub = House.hub(
            try House.plan(), feed, store, Users([], random: [UInt8](1...32)),
            Clocks(wall_ns: { 0 }, monotonic_ns: { 0 }))
        do throws(PageServer.Fault) {
            _ = try PageServer(hub, page)
            return nil
        } catch { return error.words }
    }

    @Test("The answer comes over TLS 1.2 or newer, with what makes a browser stay there")
    func served() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (certificate, key) = try OpenSSL.certificate("page", in: folder)
        let house = try House { ($0.certificate, $0.key) = (certificate, key) }
        func ask(_ request: String, _ more: String...) throws -> String {
            try OpenSSL.run(
                [
                    "s_client", "-connect", "127.0.0.1:\(house.port)", "-CAfile", certificate,
                    "-verify_return_error", "-verify_ip", "127.0.0.1", "-quiet", "-ign_eof",
                ] + more, input: request
            ).text
        }
        let request = Client(port: house.port).request("GET", "/api/v1/site", [])
        for version in ["-tls1_2", "-tls1_3"] {
            let text = try ask(request, version)
            #expect(text.contains("HTTP/1.1 200 OK"), "\(text)")
            #expect(text.lowercased().contains("strict-transport-security: max-age=31536000"))
            #expect(text.contains("\"title\""))
        }
        #expect(!(try ask(request, "-tls1_1")).contains("HTTP/1.1"))
        let body = #"{"user": "viewer", "password": "\#(House.password)"}"#
        let signIn = try ask(
            Client(port: house.port).request(
                "POST", "/api/v1/session", [("Origin", "https://127.0.0.1:\(house.port)")], body))
        #expect(signIn.contains("; Secure") && signIn.contains("HttpOnly"), "\(signIn)")
        let plain = try ask(
            Client(port: house.port).request(
                "POST", "/api/v1/session", [("Origin", "http://127.0.0.1:\(house.port)")], body))
        #expect(plain.contains("HTTP/1.1 403"))
        // Who speaks plainly hears nothing.
        let wire = try Wire(port: house.port)
        wire.send(Array(request.utf8))
        #expect(!String(decoding: wire.receive(), as: UTF8.self).contains("HTTP"))
    }

    @Test("Files that are not there, are no PEM, or do not belong together are refused by name")
    func wrong() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let one = try OpenSSL.certificate("one", in: folder)
        let other = try OpenSSL.certificate("other", in: folder)
        let words = "\(folder)/words.pem"
        try "no certificate\n".write(toFile: words, atomically: true, encoding: .utf8)
        #expect(try fault(settings(one.certificate, one.key)) == nil)
        for (certificate, key) in [
            ("\(folder)/gone.pem", one.key), (one.certificate, "\(folder)/gone.key"),
            (words, one.key), (one.certificate, words), (one.key, one.certificate),
            (one.certificate, other.key), (folder, one.key),
        ] {
            let said = try fault(settings(certificate, key)) ?? ""
            #expect(
                said.contains(certificate) && said.contains(key), "\(certificate), \(key): \(said)")
            #expect(said.contains("PEM files that belong together"))
        }
        var page = settings(nil, nil)
        page.listen = "everywhere"
        #expect(try fault(page)?.contains("write 127.0.0.1:8480") == true)
    }

    @Test("A port that is taken: the error names it")
    func taken() throws {
        let house = try House()
        do {
            _ = try House { $0.listen = "127.0.0.1:\(house.port)" }
            Issue.record("two on one port")
        } catch {
            #expect("\(error)".contains("Address already in use"), "\(error)")
        }
        #expect(try house.client.get("/api/v1/live").status == 200)
    }
}
