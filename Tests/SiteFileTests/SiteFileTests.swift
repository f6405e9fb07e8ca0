import Access
import BoardProfile
import Foundation
import Testing

@testable import SiteFile

@Suite("What the hub is told of a site")
struct SiteFileTests {
    private func read(_ text: String) -> Reading<SiteFile> { SiteFile.section.read(text: text) }

    @Test("A whole file")
    func whole() throws {
        let site = try read(
            """
            title: Mill village
            timezone: Europe/Berlin
            tariff: {currency: EUR, import_per_kWh: 0.31, export_per_kWh: 0.08, source: made up}
            intensity: {grid_g_per_kWh: 380, source: made up}
            page: {listen: "[::1]:8481"}
            broker: {host: 127.0.0.1, user: skerry, commands: true}
            """
        ).get()
        #expect(site.title == "Mill village" && site.timezone == "Europe/Berlin")
        #expect(site.tariff?.import_per_kWh == 0.31 && site.tariff?.currency == "EUR")
        #expect(site.intensity?.grid_g_per_kWh == 380)
        #expect(site.page.listen == "[::1]:8481")
        #expect(site.broker?.port == 1883 && site.broker?.takesCommands == true)
    }

    @Test(
        "What is wrong is named with its line, its key and the remedy",
        arguments: [
            ("timezone: Europe/Ber lin", 1, "timezone", "Europe/Berlin"),
            ("tariff: {import_per_kWh: 0.3, export_per_kWh: 0.1}", 1, "source", "source"),
            (
                "tariff: {currency: euro, import_per_kWh: 0.3, export_per_kWh: 0.1, source: a}", 1,
                "currency", "EUR"
            ),
            ("title: a\npage: {listen: localhost}", 2, "listen", "127.0.0.1:8480"),
            ("page: {certificate: a.pem}", 1, "certificate", "or neither"),
            ("broker: {host: a, certificate: b, key: c}", 1, "ca", "signed"),
            ("broker: {host: a, topic: 'skerry/#'}", 1, "topic", "without #"),
            ("brokr: {host: a}", 1, "brokr", "broker"),
        ])
    func wrong(text: String, line: Int, key: String, remedy: String) throws {
        let problem = try #require(read(text).errors.first)
        #expect(problem.rendered.contains(":\(line)"), "\(problem.rendered)")
        #expect(problem.rendered.contains(key) && problem.rendered.contains(remedy))
    }

    @Test("To serve others without TLS is warned of")
    func open() {
        let reading = read("page: {listen: 0.0.0.0:80}")
        #expect(reading.value != nil)
        #expect(reading.problems.first?.rendered.contains("without TLS") == true)
        #expect(read("page: {listen: 127.0.0.1:80}").problems.isEmpty)
    }

    @Test("Addresses")
    func addresses() {
        #expect(ListenAddress("127.0.0.1:8480")?.isLoopback == true)
        #expect(ListenAddress("[::1]:0")?.host == "::1")
        #expect(ListenAddress("[::1]:80")?.text == "[::1]:80")
        #expect(ListenAddress("0.0.0.0:80")?.isLoopback == false)
        for text in [
            "", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0:80", "256.0.0.1:80",
            "a.b.c.d:80", "[::1:80", "::1:80", "127.0.0.1:-1", "127.0.0.1:+1", "+1.0.0.1:80",
        ] {
            #expect(ListenAddress(text) == nil, "\(text)")
        }
    }

    @Test("Secrets that others may read are not read, and a weak hash is no password")
    func secrets() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("secrets.yaml").path
        #expect(try Secrets.load(path).users.isEmpty)
        let good = """
            users: [{name: ann, role: operator, password: "$6$saltsalt$x"}]
            broker_password: sea
            """
        try good.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        do {
            _ = try Secrets.load(path)
            Issue.record("others may read it")
        } catch {
            #expect(error.words.contains("mode 640") && error.words.contains("chmod 600"))
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let secrets = try Secrets.load(path)
        #expect(secrets.users.map(\.name) == ["ann"] && secrets.users[0].role == .operator)
        #expect(secrets.brokerPassword == "sea")
        let weak = good.replacingOccurrences(of: "$6$saltsalt$x", with: "letmein")
        let reading = Secrets.section.read(text: weak)
        #expect(reading.errors.first?.rendered.contains("skerry user") == true)
        // What is written reads back, whatever the broker's password is.
        var mine = secrets
        mine.brokerPassword = "a \"b\": {c} #d\\e"
        try mine.save(path)
        let back = try Secrets.load(path)
        #expect(back.people == mine.people && back.brokerPassword == mine.brokerPassword)
        #expect(Secrets.isName("ann.b-1") && !Secrets.isName("a b") && !Secrets.isName(""))
        // A refusal does not print the password that stands there.
        let double = "users: [{name: ann, role: king, password: letmein}]"
        let refusal = Secrets.section.read(text: double)
        #expect(refusal.value == nil)
    }
}
