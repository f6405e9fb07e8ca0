/// What somebody else wrote, fit for a person's terminal: in quotes, at most `most` bytes of it, and
/// whatever is not printable ASCII as `\x1B`. A meter cannot move the cursor or paint a false verdict.
func quoted(_ bytes: some Collection<UInt8>, most: Int = 40) -> String {
    "'\(printable(bytes, most: most))'"
}
func quoted(_ text: some StringProtocol, most: Int = 40) -> String {
    quoted(Array(text.utf8), most: most)
}

/// As `quoted`, without the quotes.
func printable(_ bytes: some Collection<UInt8>, most: Int) -> String {
    var text = ""
    for byte in bytes.prefix(most) {
        if (0x20...0x7E).contains(byte) {
            text.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
            let digits = String(byte, radix: 16, uppercase: true)
            text += byte < 16 ? "\\x0\(digits)" : "\\x\(digits)"
        }
    }
    return bytes.count > most ? text + "…" : text
}
