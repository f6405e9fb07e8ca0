import Foundation
import GRDB
import Testing

@testable import Dashboard
@testable import Recorder

extension Store {
    /// Nothing can be read any more, as of a disk that went.
    func end() throws { try pool.close() }
}

@Suite("The page and its door")
struct PageTests {
    let house: House
    var client: Client { house.client }
    init() throws { house = try House() }

    /// What guards whoever reads it.
    private func guarded(_ answer: Answer) -> Bool {
        answer.headers["content-security-policy"]?.contains("default-src 'self'") == true
            && answer.headers["content-security-policy"]?.contains("frame-ancestors 'none'") == true
            && answer.headers["x-content-type-options"] == "nosniff"
            && answer.headers["x-frame-options"] == "DENY"
            && answer.headers["referrer-policy"] == "no-referrer"
            && answer.headers["cross-origin-resource-policy"] == "same-origin"
    }

    @Test(
        "Every file with its type and tag; whoever has it already is told so; HEAD without a body")
    func assets() throws {
        let types = [
            "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
            "svg": "image/svg+xml", "json": "application/json; charset=utf-8",
            "webmanifest": "application/manifest+json", "": "text/html; charset=utf-8",
        ]
        #expect(Asset.all.count == 33)
        for (path, asset) in Asset.all {
            let whole = try client.get(path)
            #expect(whole.status == 200 && whole.body == asset.bytes, "\(path)")
            let kind = path.contains(".") ? String(path.split(separator: ".").last!) : ""
            #expect(whole.headers["content-type"] == types[kind], "\(path)")
            #expect(guarded(whole) && !asset.bytes.isEmpty, "\(path)")
            let tag = try #require(whole.headers["etag"])
            #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
            let same = try client.get(path, [("If-None-Match", tag)])
            #expect(
                same.status == 304 && same.body.isEmpty && same.headers["etag"] == tag, "\(path)")
            let other = try client.get(path, [("If-None-Match", "\"0\"")])
            #expect(other.status == 200 && other.body.count == asset.bytes.count, "\(path)")
            let head = try client.ask("HEAD", path)
            #expect(
                head.status == 200 && head.body.isEmpty && head.headers["etag"] == tag, "\(path)")
            #expect(head.headers["content-length"] == "\(asset.bytes.count)", "\(path)")
        }
        #expect(Set(Asset.all.values.map(\.tag)).count == Asset.all.count)
    }

    @Test("The page loads what is there")
    func links() {
        var imports = 0
        for (path, asset) in Asset.all where path.hasSuffix(".js") {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            for piece in text.components(separatedBy: "from './").dropFirst() {
                let name = "/" + piece.prefix { $0 != "'" }
                #expect(Asset.all[name] != nil, "\(path) imports \(name)")
                imports += 1
            }
        }
        #expect(imports > 50)
    }

    @Test("Errors are JSON with what is wrong, and guarded as everything else")
    func errors() throws {
        let asked: [(String, String, Int, String)] = [
            ("GET", "/nothing", 404, "nothing at this address"),
            ("GET", "/api/v1/../../etc/passwd", 404, "nothing at this address"),
            ("GET", "/lang/fr.json", 404, "nothing at this address"),
            ("POST", "/api/v1/site", 404, "nothing at this address"),
            ("GET", "/api/v1/history", 400, "controller is missing: there are pcc, mill"),
            ("GET", "/api/v1/history?controller=castle", 404, "there are pcc, mill"),
            ("GET", "/api/v1/history?controller=mill&step_s=901", 400, "multiple of 900"),
            ("GET", "/api/v1/history?controller=mill&step_s=0.5", 400, "step_s is no whole number"),
            (
                "GET", "/api/v1/history?controller=mill&step_s=1&from=2000-01-01", 400,
                "larger step_s"
            ),
            ("GET", "/api/v1/history?controller=mill&figures=pv_kW", 400, "no figure pv_kW"),
            (
                "GET", "/api/v1/history?controller=mill&controller=inn", 400,
                "controller is there twice"
            ),
            ("GET", "/api/v1/summary?from=yesterday", 400, "from is no time: write 2027-01-15"),
            ("GET", "/api/v1/summary?to=2027-02-30", 400, "to is no time"),
            ("GET", "/api/v1/summary?from=2027-01-02&to=2027-01-01", 400, "from is not before to"),
            ("GET", "/api/v1/summary?to=9999-12-31", 400, "to is too far away"),
            ("GET", "/api/v1/summary?from=0001-01-01", 400, "from is too far away"),
            ("GET", "/api/v1/events?limit=0", 400, "limit is no whole number of 1 to 10000"),
            ("GET", "/api/v1/events?limit=99999999999999999999", 400, "limit is no whole number"),
            ("GET", "/api/v1/events?controller=castle", 404, "there are pcc, mill"),
            ("GET", "/api/v1/settings", 400, "controller is missing"),
            ("GET", "/api/v1/commands", 401, "sign in first"),
            ("POST", "/api/v1/commands", 401, "sign in first"),
            ("DELETE", "/api/v1/session", 401, "sign in first"),
        ]
        for (method, target, status, words) in asked {
            let answer = try client.ask(method, target, [], method == "POST" ? "{}" : nil)
            #expect(answer.status == status, "\(target): \(answer.status)")
            #expect(answer.error.contains(words), "\(target): \(answer.text)")
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
            #expect(guarded(answer), "\(target)")
            #expect(answer.headers["strict-transport-security"] == nil)
        }
        // The farthest that can be counted are answered.
        #expect(try client.get("/api/v1/summary?from=1844-01-01&to=2096-01-01").status == 200)
        #expect(try client.get("/api/v1/events?from=1844-01-01&to=2096-01-01").status == 200)
    }

    @Test("What everybody may read is JSON, and says which version it is of")
    func reads() throws {
        let site = try client.get("/api/v1/site")
        #expect(site.object["version"] as? String == "1.2.3" && guarded(site))
        #expect(site.headers["cache-control"] == "no-store")
        for path in [
            "live", "history?controller=mill", "summary", "events", "settings?controller=mill",
            "session", "openapi.json",
        ] {
            let answer = try client.get("/api/v1/\(path)")
            #expect(answer.status == 200 && answer.json != nil && guarded(answer), "\(path)")
        }
        let metrics = try client.get("/metrics")
        #expect(metrics.text == "skerry_up 1\n")
        #expect(metrics.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
        let none = try House(metrics: nil)
        #expect(try none.client.get("/metrics").status == 404)
    }

    @Test("By another name than this machine's it is refused: DNS rebinding")
    func hosts() throws {
        for host in [
            "evil.example", "127.0.0.1.evil.example:\(house.port)", "localhost.evil.example",
            "10.0.0.1", "[::2]", "127.0.0.256", "127.0.0", "::1:80:evil", "",
        ] {
            let answer = try client.ask("GET", "/api/v1/site", host: host)
            #expect(answer.status == 421 && answer.error.contains("localhost"), "\(host)")
            #expect(guarded(answer))
        }
        for host in [
            "localhost", "localhost:\(house.port)", "127.0.0.1", "127.1.2.3:80", "[::1]:80",
            "[::1]",
        ] {
            #expect(try client.ask("GET", "/api/v1/site", host: host).status == 200, "\(host)")
        }
        // The file of the page itself, too.
        #expect(try client.ask("GET", "/", host: "evil.example").status == 421)
    }

    @Test("A page of another origin may change nothing")
    func origins() throws {
        let body = #"{"user": "viewer", "password": "\#(House.password)"}"#
        for origin in [
            "http://evil.example", "null", "https://127.0.0.1:\(house.port)", "http://127.0.0.1:1",
            "http://localhost:\(house.port)",
        ] {
            let answer = try client.ask("POST", "/api/v1/session", [("Origin", origin)], body)
            #expect(
                answer.status == 403 && answer.error.contains("may change nothing"), "\(origin)")
            #expect(answer.cookie == nil && guarded(answer))
        }
        let own = "http://127.0.0.1:\(house.port)"
        #expect(try client.ask("POST", "/api/v1/session", [("Origin", own)], body).status == 200)
        #expect(try client.get("/api/v1/site", [("Origin", "http://evil.example")]).status == 200)
    }

    @Test("A store that cannot be read is a guarded error, and says nothing of it to strangers")
    func store() throws {
        try house.store.end()
        let answer = try client.get("/api/v1/events")
        #expect(answer.status == 500 && answer.error.contains("journal"), "\(answer.text)")
        #expect(guarded(answer) && !answer.text.contains("SQL"))
        #expect(try client.get("/api/v1/live").status == 200)
    }
}
