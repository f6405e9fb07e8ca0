/// Steps from one word to another: inserting, removing, replacing a letter or swapping two
/// neighbours. Damerau–Levenshtein in its optimal string alignment form: no letter moves twice.
func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.unicodeScalars.prefix(64)), Array(b.unicodeScalars.prefix(64)))
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var older = [Int](repeating: 0, count: b.count + 1)
    var above = Array(0...b.count)
    for i in 1...a.count {
        var row = above
        row[0] = i
        for j in 1...b.count {
            let same = a[i - 1] == b[j - 1]
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                row[j] = min(row[j], older[j - 2] + 1)
            }
        }
        (older, above) = (above, row)
    }
    return above[b.count]
}

/// The candidate a person most likely meant: equal but for case, hyphens and underscores, the only one
/// that begins so, or
/// within a third of its letters (at least one step); the first of equals. Nil: none is near.
public func nearest(_ word: String, in candidates: [String]) -> String? {
    func folded(_ text: String) -> String {
        text.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
    }
    let bare = folded(word)
    guard !bare.isEmpty else { return nil }
    if let same = candidates.first(where: { folded($0) == bare }) { return same }
    let begun = candidates.filter { bare.count > 2 && folded($0).hasPrefix(bare) }
    if begun.count == 1 { return begun[0] }
    let best = candidates.map { ($0, distance(bare, folded($0))) }.min { $0.1 < $1.1 }
    guard let (name, steps) = best, steps <= max(1, bare.count / 3) else { return nil }
    return name
}
