/// The names a person may have meant, nearest first, at most `most`: those that share the beginning
/// count before those that merely have few letters to change (Levenshtein, case ignored).
func nearest(_ word: String, in names: [String], most: Int = 4) -> [String] {
    let bare = word.lowercased()
    let ranked = names.enumerated().map { n, name -> (rank: Int, order: Int, name: String) in
        let other = name.lowercased()
        let begins = !bare.isEmpty && (other.hasPrefix(bare) || bare.hasPrefix(other))
        return (begins ? steps(bare, other) : steps(bare, other) + 8, n, name)
    }
    return ranked.sorted { ($0.rank, $0.order) < ($1.rank, $1.order) }.prefix(most).map(\.name)
}

private func steps(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8.prefix(40)), Array(b.utf8.prefix(40)))
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
        var corner = row[0]
        row[0] = i + 1
        for (j, right) in b.enumerated() {
            let changed = corner + (left == right ? 0 : 1)
            corner = row[j + 1]
            row[j + 1] = min(changed, min(row[j], row[j + 1]) + 1)
        }
    }
    return row[b.count]
}
