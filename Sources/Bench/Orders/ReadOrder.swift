import SimBoard

// Words to orders. Whatever comes is answered: an order, or a problem in words.

extension Order {
    /// Every order with its words.
    static let usage = [
        "help", "state", "forget", "clear", "quit",
        "nack <address>", "ack <address>",
        "hang|busy|arbitration|stucklow|heal [a|b]", "slow <ms> [a|b]",
        "relay <name> weld|stuck|slow <ms>|feedback <0|1>|deaf|disconnected|clear",
        "sensor <name> freeze|drop|nan|drift <per s>|scale <factor>|noise <deviation>"
            + "|stick <value>|spike <probability> <size>|swap <name>|clear",
        "apply <name> <value>|off", "error <name> <ratio> <offset>",
        "identity <address> <word>|clear", "flip <address> <register> <mask>",
        "freeze <address>", "thaw <address>",
        "unplug [a|b]", "replug [a|b]",
        "outage", "restore", "load critical|load0|load1|load2|load3 <W>", "sun <W/m2>",
        "short <ohm>|off",
    ]

    /// Longest line that is read, bytes.
    public static let longest = 256

    public init(_ line: some StringProtocol) throws(OrderProblem) {
        guard line.utf8.count <= Self.longest else { throw OrderProblem("line too long") }
        var words = Words(line)
        self = try Order.read(try words.next("an order"), &words)
        try words.end()
    }

    private static func read(_ verb: String, _ w: inout Words) throws(OrderProblem) -> Order {
        switch verb {
        case "help": return .help
        case "state": return .state
        case "quit": return .quit
        case "clear": return .clear
        case "forget": return .forget
        case "nack": return .acknowledge(address: try w.address(), false)
        case "ack": return .acknowledge(address: try w.address(), true)
        case "hang": return .bus(bridge: try w.bridge(), .silent)
        case "busy": return .bus(bridge: try w.bridge(), .busy)
        case "arbitration": return .bus(bridge: try w.bridge(), .arbitrationLost)
        case "stucklow": return .bus(bridge: try w.bridge(), .stuckLow)
        case "heal": return .bus(bridge: try w.bridge(), nil)
        case "slow":
            let delay_s = try w.number("a delay in ms", 0...10_000) / 1000
            return .bus(bridge: try w.bridge(), .slow(delay_s))
        case "relay":
            let relay = try w.one(of: RelayName.all.map { ($0.name, $0.relay) }, "a relay")
            return .relay(relay, try relayFault(of: relay, &w))
        case "sensor": return .sensor(try w.signal(), try sensorFault(&w))
        case "apply":
            let signal = try w.signal()
            if w.take("off") { return .apply(signal, nil) }
            return .apply(signal, try w.number("a value", -1000...1000))
        case "error":
            let signal = try w.signal()
            return .error(
                signal, ratio: try w.number("a ratio", -2.5...1),
                offset: try w.number("an offset", -100...100))
        case "identity":
            let address = try w.address()
            if w.take("clear") { return .identity(address: address, nil) }
            return .identity(address: address, UInt16(try w.whole("a word", 0...0xFFFF)))
        case "flip":
            return .flip(
                address: try w.address(), register: UInt8(try w.whole("a register", 0...0xFF)),
                mask: UInt16(try w.whole("a mask", 1...0xFFFF)))
        case "freeze": return .freeze(address: try w.address(), true)
        case "thaw": return .freeze(address: try w.address(), false)
        case "unplug": return .plug(bridge: try w.bridge(), false)
        case "replug": return .plug(bridge: try w.bridge(), true)
        case "outage": return .grid(false)
        case "restore": return .grid(true)
        case "load":
            let groups: [(String, Int?)] =
                [("critical", nil)] + (0..<4).map { (k: Int) in ("load\(k)", k) }
            return .load(
                group: try w.one(of: groups, "a load"), W: try w.number("a power in W", 0...2000))
        case "sun": return .sun(Wm2: try w.number("W/m2", 0...1400))
        case "short":
            if w.take("off") { return .short(ohm: nil) }
            return .short(ohm: try w.number("a resistance in ohm", 0.001...1000))
        default: throw OrderProblem("no such order: \(Words.quoted(verb)); try help")
        }
    }

    private static func relayFault(
        of relay: RelayName, _ w: inout Words
    ) throws(OrderProblem) -> RelayFault? {
        switch try w.next("a relay fault") {
        case "weld": return .weld
        case "stuck": return .stuckOpen
        case "slow":
            let travel_s = try w.number("a travel in ms", 1...10_000) / 1000
            return .slow(max(1, travel_s / relay.closing_s))
        case "feedback": return .feedback(try w.whole("0 or 1", 0...1) == 1)
        case "deaf": return .deaf
        case "disconnected": return .disconnected
        case "clear": return nil
        case let word: throw OrderProblem("no such relay fault: \(Words.quoted(word))")
        }
    }

    private static func sensorFault(_ w: inout Words) throws(OrderProblem) -> SensorFault? {
        let any = -1e6...1e6
        switch try w.next("a sensor fault") {
        case "freeze": return .freeze
        case "drop": return .drop
        case "nan": return .nan
        case "drift": return .drift(perSecond: try w.number("a drift per s", any))
        case "scale": return .scale(try w.number("a factor", -100...100))
        case "noise": return .noise(try w.number("a deviation", 0...1e6))
        case "stick": return .stick(try w.number("a value", any))
        case "spike":
            return .spike(
                probability: try w.number("a probability", 0...1),
                size: try w.number("a size", 0...1e6))
        case "swap": return .swap(with: UInt8(try w.signal().rawValue))
        case "clear": return nil
        case let word: throw OrderProblem("no such sensor fault: \(Words.quoted(word))")
        }
    }
}

/// The words of a line, taken one by one.
private struct Words {
    private var rest: ArraySlice<Substring>

    init(_ line: some StringProtocol) {
        rest = String(line).split(whereSeparator: \.isWhitespace)[...]
    }

    /// A stranger's word as it may be repeated: printable, short.
    static func quoted(_ word: String) -> String {
        var safe = ""
        for scalar in word.unicodeScalars.prefix(24) {
            let isPlain = (0x21...0x7E).contains(scalar.value) && scalar != "'"
            safe.unicodeScalars.append(isPlain ? scalar : "?")
        }
        return "'" + safe + "'"
    }

    mutating func next(_ what: String) throws(OrderProblem) -> String {
        guard let word = rest.popFirst() else { throw OrderProblem("\(what) is missing") }
        return String(word)
    }
    mutating func take(_ word: String) -> Bool {
        guard rest.first.map(String.init) == word else { return false }
        rest.removeFirst()
        return true
    }
    func end() throws(OrderProblem) {
        if let word = rest.first {
            throw OrderProblem("more than was wanted: \(Self.quoted(String(word)))")
        }
    }

    mutating func one<T>(of all: [(String, T)], _ what: String) throws(OrderProblem) -> T {
        let word = try next(what)
        guard let found = all.first(where: { $0.0 == word }) else {
            let names = all.map(\.0).joined(separator: ", ")
            throw OrderProblem("\(Self.quoted(word)) is not \(what): \(names)")
        }
        return found.1
    }
    mutating func signal() throws(OrderProblem) -> Signal {
        try one(of: Signal.allCases.map { ($0.name, $0) }, "a sensor")
    }
    /// `a` where nothing is said.
    mutating func bridge() throws(OrderProblem) -> Int {
        if rest.isEmpty { return 0 }
        return try one(of: Wiring.bridges.enumerated().map { ($1.name, $0) }, "a bridge")
    }
    mutating func address() throws(OrderProblem) -> UInt8 {
        UInt8(try whole("an address", 0x08...0x77))
    }

    /// Decimal, or hexadecimal after 0x.
    mutating func whole(_ what: String, _ range: ClosedRange<Int>) throws(OrderProblem) -> Int {
        let word = try next(what)
        let n =
            word.hasPrefix("0x") ? Int(word.dropFirst(2), radix: 16) : Int(word)
        guard let n, range.contains(n) else {
            throw OrderProblem(
                "\(Self.quoted(word)) is not \(what), \(range.lowerBound) to \(range.upperBound)")
        }
        return n
    }
    mutating func number(
        _ what: String, _ range: ClosedRange<Double>
    ) throws(OrderProblem) -> Double {
        let word = try next(what)
        guard let x = Double(word), x >= range.lowerBound, x <= range.upperBound else {
            throw OrderProblem(
                "\(Self.quoted(word)) is not \(what), \(range.lowerBound) to \(range.upperBound)")
        }
        return x
    }
}
