import Access
import Foundation
import Testing

@testable import Dashboard

@Suite("Who is signed in")
struct SigningTests {
    let house: House
    var client: Client { house.client }
    init() throws { house = try House() }

    private func begin(_ user: String, _ password: String) throws -> Answer {
        try client.ask(
            "POST", "/api/v1/session", [], #"{"user": "\#(user)", "password": "\#(password)"}"#)
    }

    @Test("In, who it is, and out; the cookie is for this page's eyes alone")
    func inAndOut() throws {
        let nobody = try client.get("/api/v1/session").object
        #expect(nobody["user"] is NSNull && nobody["may_sign_in"] as? Bool == true)
        let answer = try begin("operator", House.password)
        #expect(answer.status == 200 && answer.object["role"] as? String == "operator")
        let set = try #require(answer.headers["set-cookie"])
        for flag in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=86400"] {
            #expect(set.contains("; \(flag)"), "\(set)")
        }
        #expect(!set.contains("Secure") && !set.contains("Domain"))
        let cookie = ("Cookie", try #require(answer.cookie))
        #expect(cookie.1.hasPrefix("skerry=") && cookie.1.count == 7 + 64)
        let csrf = try #require(answer.object["csrf"] as? String)
        #expect(csrf.count == 64 && !cookie.1.contains(csrf))
        let own = try client.get("/api/v1/session", [cookie]).object
        #expect(own["user"] as? String == "operator" && own["csrf"] as? String == csrf)
        // The way out needs the token as well.
        #expect(try client.ask("DELETE", "/api/v1/session", [cookie]).status == 403)
        let out = try client.ask("DELETE", "/api/v1/session", [cookie, ("X-CSRF-Token", csrf)])
        #expect(out.status == 204 && out.body.isEmpty)
        #expect(out.headers["set-cookie"]?.contains("skerry=; ") == true)
        #expect(out.headers["set-cookie"]?.contains("Max-Age=0") == true)
        #expect(try client.get("/api/v1/session", [cookie]).object["user"] is NSNull)
        #expect(try client.get("/api/v1/commands", [cookie]).status == 401)
    }

    @Test("Another's token, half a token, no cookie's token: nobody")
    func forged() throws {
        let cookie = try house.signIn(.engineer)[0].1
        for wrong in [
            String(cookie.dropLast()), cookie + "0", "skerry=",
            "skerry=\(String(repeating: "0", count: 64))",
            cookie.uppercased(), "other=1",
        ] {
            #expect(try client.get("/api/v1/session", [("Cookie", wrong)]).object["user"] is NSNull)
        }
        let among = try client.get("/api/v1/session", [("Cookie", "a=1; \(cookie); b=2")])
        #expect(among.object["user"] as? String == "engineer")
    }

    @Test("A session that nobody uses ends after an hour, and each after a day")
    func ends() throws {
        let cookie = try house.signIn(.viewer)[0]
        func user() throws -> String? {
            try client.get("/api/v1/session", [cookie]).object["user"] as? String
        }
        for _ in 0..<25 {
            house.time.skip(3000)
            #expect(try user() == "viewer")
        }
        house.time.skip(3601)
        #expect(try user() == nil)
        let other = try house.signIn(.viewer)[0]
        for _ in 0..<28 {
            house.time.skip(3000)
            _ = try client.get("/api/v1/session", [other])
        }
        house.time.skip(3000)
        #expect(try client.get("/api/v1/session", [other]).object["user"] is NSNull)
    }

    @Test("A wrong password and a wrong name are told alike, in words and in time")
    func wrong() throws {
        func time(_ user: String) throws -> Double {
            let began = Date()
            let answer = try begin(user, "wrong horse")
            #expect(answer.status == 401)
            #expect(answer.error == "the name or the password is wrong" && answer.cookie == nil)
            return Date().timeIntervalSince(began)
        }
        // The least of some: what others do on this machine only adds.
        let (there, absent) = try (0..<4).reduce((9.0, 9.0)) { least, n in
            (min(least.0, try time("viewer")), min(least.1, try time("nobody\(n)")))
        }
        #expect(there / absent < 2 && absent / there < 2, "\(there) s, \(absent) s")
        #expect(absent > 0.002, "a hash was made: \(absent) s")
        for body in [
            "", "{}", "[]", "null", #"{"user": 1, "password": "x"}"#, #"{"user": "viewer"}"#,
            "{\"user\": \"viewer\", \"password\"",
        ] {
            let answer = try client.ask("POST", "/api/v1/session", [], body)
            #expect(answer.status == 400 && answer.error.contains("password"), "\(body)")
        }
    }

    @Test("Five tries for a name, then one a minute; a right one is given back")
    func perName() throws {
        for _ in 0..<5 { #expect(try begin("viewer", "wrong").status == 401) }
        let sixth = try begin("viewer", House.password)
        #expect(sixth.status == 429 && sixth.error.contains("too many tries"))
        let wait = try #require(sixth.headers["retry-after"].flatMap { Int($0) })
        #expect((50...60).contains(wait))
        // Others are not kept out.
        #expect(try begin("engineer", House.password).status == 200)
        house.time.skip(61)
        #expect(try begin("viewer", House.password).status == 200)
        #expect(try begin("viewer", House.password).status == 200, "the right one was given back")
        #expect(try begin("viewer", "wrong").status == 401)
        #expect(try begin("viewer", House.password).status == 429)
    }

    @Test("Twenty tries for an address, whatever the names")
    func perAddress() throws {
        for n in 0..<20 { #expect(try begin("name\(n)", "wrong").status == 401) }
        let next = try begin("engineer", House.password)
        #expect(next.status == 429)
        let wait = try #require(next.headers["retry-after"].flatMap { Int($0) })
        #expect((1...15).contains(wait))
        house.time.skip(16)
        #expect(try begin("engineer", House.password).status == 200)
    }

    @Test("Where there are no users nobody is in, and is told how")
    func noUsers() throws {
        let house = try House(users: Users([], random: [UInt8](1...32)))
        let answer = try house.client.ask(
            "POST", "/api/v1/session", [], #"{"user": "a", "password": "b"}"#)
        #expect(answer.status == 403 && answer.error.contains("skerry user add"))
        #expect(try house.client.get("/api/v1/session").object["may_sign_in"] as? Bool == false)
    }
}
