/// Names that are safe in topics, ids and file names, and stay what they are.
enum Slug {
    /// `a-z`, `0-9` and `_`, 1 ... 49 of them. A name that had to be changed gets eight hexadecimal digits
    /// of its own, so that no two names share a slug whatever others there are.
    static func of(_ name: String) -> String {
        var slug = ""
        for scalar in name.unicodeScalars.prefix(40) {
            switch scalar {
            case "a"..."z", "0"..."9", "_": slug.unicodeScalars.append(scalar)
            case "A"..."Z":
                slug.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
            default: slug += "_"
            }
        }
        if slug == name && !slug.isEmpty { return slug }
        let digits = String(hash(name), radix: 16)
        return slug + "_" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// FNV-1a, 32 bits (Fowler, Noll, Vo): the same on every machine and in every run.
    private static func hash(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
