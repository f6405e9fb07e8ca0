/// A line of text in pieces of one look each.
package struct Styled: Equatable {
    package struct Look: Equatable {
        /// SGR parameters (ECMA-48 §8.3.117); empty is the terminal's own look.
        package var codes = ""
        package static let plain = Look()
        package static let strong = Look(codes: "1")
        package static let faint = Look(codes: "90")
        package static let accent = Look(codes: "36")
        package static let good = Look(codes: "32")
        package static let attention = Look(codes: "33")
        package static let alarm = Look(codes: "1;31")
        package static let title = Look(codes: "1;36")
        /// The glyph in the background's colour on this one: draws a block from the right edge.
        package var reversed: Look { Look(codes: codes.isEmpty ? "7" : codes + ";7") }

        package static func of(_ tone: Tone) -> Look {
            switch tone {
            case .normal: .good
            case .attention: .attention
            case .alarm: .alarm
            }
        }
    }

    package struct Piece: Equatable {
        package var text: String
        package var look: Look
    }

    package var pieces: [Piece] = []

    package init() {}
    /// Controls in `text` become spaces: nothing shown here can move the cursor.
    package init(_ text: String, _ look: Look = .plain) {
        pieces = [Piece(text: Width.cleaned(text), look: look)]
    }

    package var width: Int { pieces.reduce(0) { $0 + Width.of($1.text) } }

    package static func + (a: Styled, b: Styled) -> Styled {
        var sum = a
        sum.pieces += b.pieces
        return sum
    }

    package static func += (a: inout Styled, b: Styled) { a.pieces += b.pieces }

    /// No more than `columns` wide.
    package func cut(to columns: Int) -> Styled {
        if width <= columns { return self }
        var out = Styled()
        var left = columns
        for piece in pieces {
            let wide = Width.of(piece.text)
            // A whole piece fits only if what follows has room for its mark.
            if wide < left {
                out.pieces.append(piece)
                left -= wide
            } else {
                out.pieces.append(
                    Piece(text: Width.cut(piece.text + " ", to: left), look: piece.look))
                break
            }
        }
        return out
    }

    /// Exactly `columns` wide.
    package func fitted(to columns: Int, right: Bool = false) -> Styled {
        let short = cut(to: columns)
        let space = Styled(String(repeating: " ", count: max(0, columns - short.width)))
        return right ? space + short : short + space
    }

    package func text(for ability: Ability) -> String {
        var out = ""
        for piece in pieces where !piece.text.isEmpty {
            let shown = ability.unicode ? piece.text : Self.ascii(piece.text)
            if ability.colour && !piece.look.codes.isEmpty {
                out += "\u{1B}[\(piece.look.codes)m\(shown)\u{1B}[0m"
            } else {
                out += shown
            }
        }
        return out
    }

    /// As many columns in ASCII.
    static func ascii(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var out = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                out.unicodeScalars.append(scalar)
            } else if let plain = plainForm[scalar] {
                out.unicodeScalars.append(plain)
            } else if (0x2800...0x28FF).contains(scalar.value) {
                out += "*"
            } else {
                out += String(repeating: "?", count: Width.of(scalar))
            }
        }
        return out
    }

    private static let plainForm: [Unicode.Scalar: Unicode.Scalar] = [
        "–": "-", "—": "-", "−": "-", "─": "-", "│": "|", "·": "-", "…": "~", "→": ">", "←": "<",
        "×": "x", "°": "d", "Δ": "d", "µ": "u", "μ": "u", "●": "*", "○": "o", "▲": "!", "✕": "X",
        "█": "#", "▉": "#", "▊": "#", "▋": "#", "▌": "#", "▍": "=", "▎": "=", "▏": "=", "▐": "#",
        "░": ".", "▁": "_", "▂": "_", "▃": ".", "▄": "-", "▅": "-", "▆": "=", "▇": "#", "±": "~",
        "‘": "'", "’": "'", "“": "\"", "”": "\"", "≤": "<", "≥": ">", "≈": "~", "²": "2",
        "Ω": "O",
    ]
}
