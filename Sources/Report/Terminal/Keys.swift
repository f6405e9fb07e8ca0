/// Keys out of the bytes a terminal sends.
public enum Key: Sendable, Equatable {
    case character(Character)
    case up, down, left, right, enter, escape, backspace
}

/// Gathers bytes until they make a key.
struct KeyReader {
    private var bytes: [UInt8] = []

    mutating func feed(_ more: some Sequence<UInt8>) { bytes += more }

    /// The next key, if one is complete. A lone escape counts as a key, for a terminal sends its
    /// sequences in one piece.
    mutating func next() -> Key? {
        while let first = bytes.first {
            switch first {
            case 0x1B:
                if let key = sequence() { return key }
            case 0x0A, 0x0D:
                bytes.removeFirst()
                return .enter
            // A terminal sends one or the other, as its `erase` is set.
            case 0x08, 0x7F:
                bytes.removeFirst()
                return .backspace
            case 0x20..<0x7F:
                bytes.removeFirst()
                return .character(Character(Unicode.Scalar(first)))
            case 0xC2..<0xF5:
                let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
                guard bytes.count >= length else { return nil }
                let text = String(decoding: bytes.prefix(length), as: UTF8.self)
                bytes.removeFirst(length)
                if let character = text.first, text.count == 1 { return .character(character) }
            default:
                bytes.removeFirst()
            }
        }
        return nil
    }

    /// An escape sequence (ECMA-48 §5.4): arrows are known, others are swallowed whole.
    private mutating func sequence() -> Key? {
        guard bytes.count >= 2, bytes[1] == UInt8(ascii: "[") || bytes[1] == UInt8(ascii: "O")
        else {
            bytes.removeFirst()
            return .escape
        }
        let end = bytes.dropFirst(2).firstIndex { (0x40...0x7E).contains($0) }
        let final = end.map { bytes[$0] }
        bytes.removeFirst((end ?? bytes.count - 1) + 1)
        return switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        default: nil
        }
    }
}
