/// Numbers by chance that a seed brings back: splitmix64.
struct Dice {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func roll(_ n: Int) -> Int { Int(next() % UInt64(n)) }
    mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }
    mutating func one<T>(_ of: [T]) -> T { of[roll(of.count)] }
}

/// What somebody who means harm may send, of a seed.
struct HostileStream {
    enum Ending: CaseIterable { case close, reset, half, wait }
    /// Sent one after the other.
    var pieces: [[UInt8]] = []
    var ending = Ending.close

    /// - Parameter cookie: of a person who may command, without the token that a command needs.
    init(seed: UInt64, cookie: String) {
        var dice = Dice(seed)
        let bytes =
            switch dice.roll(8) {
            case 0: Self.noise(&dice)
            case 1: Self.manyHeaders(&dice)
            case 2: Self.longHeader(&dice)
            case 3: Self.chunks(&dice, cookie)
            case 4: Self.pipeline(&dice, cookie)
            case 5: Self.lengths(&dice, cookie)
            default: Self.mutated(&dice, cookie)
            }
        ending = dice.one(Ending.allCases)
        // Split anywhere.
        var rest = bytes[...]
        for _ in 0..<dice.roll(5) where rest.count > 1 {
            let cut = 1 + dice.roll(rest.count - 1)
            pieces.append(Array(rest.prefix(cut)))
            rest = rest.dropFirst(cut)
        }
        pieces.append(Array(rest))
    }

    private static let targets = [
        "/", "/api/v1/site", "/api/v1/live", "/api/v1/live/stream", "/api/v1/session",
        "/api/v1/commands", "/api/v1/history?controller=mill&step_s=1&figures=pv_W", "/metrics",
        "/api/v1/summary?from=0001-01-01&to=9999-12-31", "/api/v1/events?limit=10000",
        "/api/v1/history?controller=mill&from=9999-01-01&to=9999-01-02", "/%00%ff%2e%2e/", "*",
        "http://evil.example/", "/api/v1/settings?controller=%zz&&==&",
    ]
    private static func good(_ dice: inout Dice, _ cookie: String) -> [UInt8] {
        let method = dice.one(["GET", "POST", "HEAD", "DELETE", "PUT", "OPTIONS", "CONNECT", "PRI"])
        let body = dice.one([
            "", #"{"controller": "mill", "command": "island"}"#,
            #"{"user": "viewer", "password": "x"}"#,
            String(repeating: "[", count: 3000),
        ])
        let text =
            "\(method) \(dice.one(targets)) HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: \(cookie)\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
        return Array(text.utf8)
    }
    private static func mutated(_ dice: inout Dice, _ cookie: String) -> [UInt8] {
        var bytes = good(&dice, cookie)
        for _ in 0..<(1 + dice.roll(6)) where bytes.count > 2 {
            let at = dice.roll(bytes.count - 1)
            switch dice.roll(5) {
            case 0: bytes[at] = dice.byte()
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(dice.one([0, 10, 13, 32, 58, 255]), at: at)
            case 3: bytes.removeSubrange(at...)
            default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 40)], at: at)
            }
        }
        return bytes
    }
    private static func noise(_ dice: inout Dice) -> [UInt8] {
        (0...dice.roll(600)).map { _ in dice.byte() }
    }
    private static func manyHeaders(_ dice: inout Dice) -> [UInt8] {
        let count = dice.one([63, 64, 65, 500, 5000])
        let lines = (0..<count).map { "X-\($0): \($0)\r\n" }.joined()
        return Array("GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\(lines)\r\n".utf8)
    }
    private static func longHeader(_ dice: inout Dice) -> [UInt8] {
        let long = String(repeating: "a", count: dice.one([8000, 8192, 8193, 16_384, 60_000]))
        return Array(
            dice.one([
                "GET /\(long) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: \(long)\r\n\r\n",
                "GET / HTTP/1.1\r\n\(long): 1\r\nHost: 127.0.0.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: skerry=\(long)\r\n\r\n",
                long,
            ]).utf8)
    }
    private static func chunks(_ dice: inout Dice, _ cookie: String) -> [UInt8] {
        var text =
            "POST \(dice.one(["/api/v1/commands", "/api/v1/session", "/api/v1/live"])) HTTP/1.1\r\n"
            + "Host: 127.0.0.1\r\nCookie: \(cookie)\r\nTransfer-Encoding: chunked\r\n"
        if dice.roll(3) == 0 { text += "Content-Length: 5\r\n" }
        text += "\r\n"
        for _ in 0..<dice.roll(6) {
            let size = dice.one([
                "0", "5", "-1", "ffffffffffffffff", "7fffffff", "zz", "", "10;a=b",
            ])
            text += "\(size)\r\n" + String(repeating: "x", count: dice.roll(20)) + "\r\n"
        }
        return Array(text.utf8)
    }
    private static func pipeline(_ dice: inout Dice, _ cookie: String) -> [UInt8] {
        (0..<(2 + dice.roll(12))).flatMap { n in
            n % 4 == 3 ? mutated(&dice, cookie) : good(&dice, cookie)
        }
    }
    /// A length that is a lie, with another request where a body should be.
    private static func lengths(_ dice: inout Dice, _ cookie: String) -> [UInt8] {
        let length = dice.one([
            "0", "1", "-1", "4097", "99999999999999999999", "1, 2", "+5", "0x10",
        ])
        let inner = good(&dice, cookie)
        let text =
            "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(length)\r\n"
            + dice.one(["", "Content-Length: 3\r\n", "Expect: 100-continue\r\n"]) + "\r\n"
        return Array(text.utf8) + inner
    }
}
