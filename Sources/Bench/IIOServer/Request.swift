/// Which attribute of what.
struct AttributePlace: Equatable {
    enum Owner: Equatable {
        case device, debug, buffer
        case channel(String, isOutput: Bool)
    }
    var device: String
    var owner: Owner
    /// Nil: all of them.
    var attribute: String?
}

/// One line of iiod's text protocol, as libiio 0.x speaks it:
///
///     VERSION   PRINT   HELP   EXIT | QUIT   TIMEOUT <ms>
///     READ  <device> [DEBUG | BUFFER | INPUT <channel> | OUTPUT <channel>] [<attribute>]
///     WRITE <device> [DEBUG | BUFFER | INPUT <channel> | OUTPUT <channel>] [<attribute>] <bytes>
///     GETTRIG <device>   SETTRIG <device> [<trigger>]
///     OPEN <device> <samples> <mask> [CYCLIC]   CLOSE <device>
///     READBUF <device> <bytes>   WRITEBUF <device> <bytes>
///     SET <device> BUFFERS_COUNT <blocks>
///
/// Verbs in capitals or small letters, words apart by spaces or tabs, the mask in whole words of
/// eight hexadecimal digits with the highest first.
enum Request: Equatable {
    case nothing, exit, help, version, print
    case timeout(ms: Int)
    case read(AttributePlace)
    case write(AttributePlace, bytes: Int)
    case getTrigger(device: String)
    case setTrigger(device: String, trigger: String?)
    case open(device: String, samples: Int, mask: [UInt32], isCyclic: Bool)
    case close(device: String)
    case readBuffer(device: String, bytes: Int)
    case writeBuffer(device: String, bytes: Int)
    case setBlocks(device: String, count: Int)

    /// Nil for anything else; the answer to that is EINVAL.
    static func parse(_ line: some Sequence<UInt8>) -> Request? {
        // A carriage return ends a line as the newline does.
        let words = Array(line).split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        guard words.count <= 6 else { return nil }
        guard words.allSatisfy({ $0.allSatisfy { (0x21...0x7E).contains($0) } }) else { return nil }
        let w = words.map { String(decoding: $0, as: UTF8.self) }
        guard let verb = w.first else { return .nothing }
        guard verb == verb.uppercased() || verb == verb.lowercased() else { return nil }
        switch (verb.uppercased(), w.count) {
        case ("EXIT", 1), ("QUIT", 1): return .exit
        case ("HELP", 1): return .help
        case ("VERSION", 1): return .version
        case ("PRINT", 1): return .print
        case ("TIMEOUT", 2): return number(w[1]).map { .timeout(ms: $0) }
        case ("READ", 2...):
            return place(w[1], w[2...]).map { .read($0) }
        case ("WRITE", 3...):
            guard let bytes = number(w[w.count - 1]), let place = place(w[1], w[2...].dropLast())
            else { return nil }
            return .write(place, bytes: bytes)
        case ("GETTRIG", 2): return .getTrigger(device: w[1])
        case ("SETTRIG", 2): return .setTrigger(device: w[1], trigger: nil)
        case ("SETTRIG", 3): return .setTrigger(device: w[1], trigger: w[2])
        case ("OPEN", 4...5):
            guard let samples = number(w[2]), let mask = mask(w[3]) else { return nil }
            guard w.count == 4 || w[4].uppercased() == "CYCLIC" else { return nil }
            return .open(device: w[1], samples: samples, mask: mask, isCyclic: w.count == 5)
        case ("CLOSE", 2): return .close(device: w[1])
        case ("READBUF", 3): return number(w[2]).map { .readBuffer(device: w[1], bytes: $0) }
        case ("WRITEBUF", 3): return number(w[2]).map { .writeBuffer(device: w[1], bytes: $0) }
        case ("SET", 4) where w[2].uppercased() == "BUFFERS_COUNT":
            return number(w[3]).map { .setBlocks(device: w[1], count: $0) }
        default: return nil
        }
    }

    /// Up to eighteen digits, so that none overflows.
    private static func number(_ word: String) -> Int? {
        guard (1...18).contains(word.utf8.count),
            word.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(word)
    }

    private static func place(_ device: String, _ rest: ArraySlice<String>) -> AttributePlace? {
        var rest = rest
        var owner = AttributePlace.Owner.device
        switch rest.first?.uppercased() {
        case "DEBUG":
            owner = .debug
            rest.removeFirst()
        case "BUFFER":
            owner = .buffer
            rest.removeFirst()
        case "INPUT", "OUTPUT":
            guard rest.count >= 2 else { return nil }
            let isOutput = rest.removeFirst().uppercased() == "OUTPUT"
            owner = .channel(rest.removeFirst(), isOutput: isOutput)
        default: break
        }
        guard rest.count <= 1 else { return nil }
        return AttributePlace(device: device, owner: owner, attribute: rest.first)
    }

    /// Lowest word first. 8 words at most: 256 channels.
    private static func mask(_ word: String) -> [UInt32]? {
        let digits = Array(word.utf8)
        guard digits.count % 8 == 0, (8...64).contains(digits.count) else { return nil }
        var words: [UInt32] = []
        for at in stride(from: digits.count - 8, through: 0, by: -8) {
            let text = String(decoding: digits[at..<at + 8], as: UTF8.self)
            guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
                let value = UInt32(text, radix: 16)
            else { return nil }
            words.append(value)
        }
        return words
    }
}
