extension SectionDescription {
    /// What is wrong with the description itself; a test expects this to be empty.
    ///
    /// Every key has a sentence; defaults and examples are values the reader would accept; names
    /// are lower-case words joined by `_`, ending in a unit where they have one.
    public var audit: [String] {
        keys.flatMap { key in
            key.faults.map { "\(title).\(key.name) \($0)" } + (key.inner?.audit ?? [])
        }
            + retired.keys.filter { name in keys.contains { $0.name == name } }.sorted()
            .map { "\(title).\($0) is retired and in use" }
    }
}

extension KeyDescription {
    fileprivate var faults: [String] {
        var faults: [String] = []
        let stem = unit?.stem(of: name) ?? name
        let pieces = stem.split(separator: "_", omittingEmptySubsequences: false)
        if pieces.contains(where: { $0.isEmpty }) || stem.contains(where: { !$0.isASCII }) {
            faults.append("is no name of words joined by _")
        }
        if doc.isEmpty {
            faults.append("has no sentence")
        } else if !doc.hasSuffix(".") || doc.contains("\n") {
            faults.append("is not explained by one sentence with a full stop")
        }
        for (what, value) in [("default", defaultValue), ("example", example)] {
            if let value, let refusal = refusal(value) {
                faults.append("has the \(what) \(value.written), which \(refusal.message)")
            }
        }
        return faults
    }

    /// Why the reader would refuse `value` here; nil where it would not.
    private func refusal(_ value: Value) -> Refusal? {
        switch (shape, value) {
        case (.several(let count, let each), .list(let values)):
            if !count.contains(values.count) && !(values.isEmpty && !isRequired) {
                return Refusal("has \(values.count) items", "")
            }
            return values.lazy.compactMap { read($0, as: each) }.first
        default: return read(value, as: shape)
        }
    }

    private func read(_ value: Value, as shape: Shape) -> Refusal? {
        if case .several = shape { return Refusal("is no list", "") }
        var isText = false
        if case .text = value { isText = true }
        let item = Item(
            content: .scalar(shape.written(value), quoted: isText), line: 0, column: 0)
        switch shape.read(item, unit: unit, example: nil) {
        case .success(let read): return read == value ? nil : Refusal("reads as another", "")
        case .failure(let refusal): return refusal
        }
    }
}
