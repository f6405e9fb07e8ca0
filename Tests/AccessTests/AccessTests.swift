import Testing

@testable import Access

@Suite("Who may do what")
struct AccessTests {
    @Test("A password is known by its hash, and by no other; two of the same differ")
    func passwords() throws {
        let hash = try #require(PasswordHash(of: "salt on the jetty", random: secretBytes(32)))
        #expect(hash.text.hasPrefix("$y$"))
        #expect(hash.matches("salt on the jetty"))
        for wrong in [
            "salt on the jett", "Salt on the jetty", "", String(repeating: "x", count: 300),
        ] {
            #expect(!hash.matches(wrong))
        }
        let again = try #require(PasswordHash(of: "salt on the jetty", random: secretBytes(32)))
        #expect(again != hash && again.matches("salt on the jetty"))
        #expect(PasswordHash(of: "short", random: secretBytes(32)) == nil)
        #expect(PasswordHash(of: "with a \0 nil", random: secretBytes(32)) == nil)
        let kept = try #require(PasswordHash(text: hash.text))
        #expect(kept.matches("salt on the jetty"))
    }

    /// Made with `openssl passwd` and `mkpasswd` of Debian's whois.
    @Test("Hashes that other programs made are understood, weak ones refused")
    func foreign() throws {
        let sha512 =
            "$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/"
        let hash = try #require(PasswordHash(text: sha512))
        #expect(hash.matches("password") && !hash.matches("passwore"))
        for text in ["", "password", "$1$salt$hash", "*", "!", "$6$a b", "$y$:", "$6$salt\u{E9}"] {
            #expect(PasswordHash(text: text) == nil, "\(text)")
        }
        // A strong method with a broken setting matches nothing.
        #expect(PasswordHash(text: "$y$nonsense")?.matches("password") == false)
    }

    @Test("Secret bytes differ, and are as many as were asked for")
    func secrets() {
        #expect(secretBytes(32).count == 32 && secretBytes(32) != secretBytes(32))
        #expect(secretBytes(256).contains { $0 != 0 })
    }

    @Test("Roles include those before them")
    func roles() {
        #expect(Role.viewer < .operator && Role.operator < .engineer)
        #expect(Role(rawValue: "root") == nil)
    }

    @Test("Who is not there takes a hash all the same")
    func nobody() throws {
        let ann = User(
            name: "ann", role: .operator,
            password: try #require(PasswordHash(of: "salt on the jetty", random: secretBytes(32))))
        let users = Users([ann], random: secretBytes(32))
        #expect(users.user("ann", password: "salt on the jetty") == ann)
        #expect(users.user("ann", password: "a password of nobody") == nil)
        #expect(users.user("bob", password: "salt on the jetty") == nil)
        // The hash that is tried for bob is of a password anybody may read above.
        #expect(users.user("bob", password: "a password of nobody") == nil)
        #expect(!users.isEmpty && Users([], random: secretBytes(32)).isEmpty)
    }

    @Test("Tries run out, come back one by one, and are counted by who tries")
    func tries() {
        var limit = TryLimit(most: 3, pause_s: 8, mostKeys: 2)
        for _ in 0..<3 { #expect(limit.wait_s("ann", at: 0) == nil) }
        #expect(limit.wait_s("ann", at: 0) == 8)
        #expect(limit.wait_s("bob", at: 0) == nil)
        #expect(limit.wait_s("ann", at: 4_000_000_000) == 4)
        #expect(limit.wait_s("ann", at: 8_000_000_000) == nil)
        #expect(limit.wait_s("ann", at: 8_000_000_000) != nil)
        limit.forgive("ann")
        #expect(limit.wait_s("ann", at: 8_000_000_000) == nil)
        // Too many who try: strangers wait, none is forgotten that still owes.
        #expect(limit.wait_s("carl", at: 8_000_000_000) == nil, "bob is full again and goes")
        #expect(limit.wait_s("dora", at: 8_000_000_000) == 8)
        // A clock that runs back gives nothing.
        #expect(limit.wait_s("ann", at: 0) != nil)
        #expect(limit.refused == 5)
    }

    @Test(
        "A session ends when nobody uses it, after a day, when it is ended, and when there are too many"
    )
    func sessions() throws {
        let hour: Int64 = 3_600_000_000_000
        let sessions = Sessions(random: { secretBytes($0) })
        let hash = try #require(PasswordHash(text: "$6$saltsalt$x"))
        let ann = User(name: "ann", role: .operator, password: hash)
        let (token, session) = sessions.begin(ann, at: 0)
        #expect(token.count == 64 && session.csrf.count == 64 && token != session.csrf)
        #expect(sessions.session(token, at: hour)?.user == "ann")
        for n in 2...24 { #expect(sessions.session(token, at: Int64(n) * hour) != nil) }
        #expect(sessions.session(token, at: 24 * hour + 1) == nil, "a day")
        let (idle, _) = sessions.begin(ann, at: 0)
        #expect(sessions.session(idle, at: hour + 1) == nil)
        #expect(sessions.session(idle, at: 0) == nil, "it does not come back")
        let (ended, _) = sessions.begin(ann, at: 0)
        sessions.end(ended)
        #expect(sessions.session(ended, at: 0) == nil && sessions.session("", at: 0) == nil)
        let many = (0...Sessions.most).map { sessions.begin(ann, at: Int64($0)).token }
        #expect(sessions.session(many[0], at: 100) == nil)
        #expect(many.dropFirst().allSatisfy { sessions.session($0, at: 100) != nil })
    }
}
