extension Reader {
    /// Refuses a key the section does not have; answers the key that was probably meant.
    mutating func refuseUnknown(_ entry: Entry, in section: SectionDescription) -> String? {
        if problems.isFull(source.file) {
            problems.add(problem(key: entry, at: keyPath(entry.key), "", ""))
            return nil
        }
        let (message, remedy, meant) = explain(entry, in: section)
        problems.add(problem(key: entry, at: keyPath(entry.key), message, remedy))
        return meant
    }

    private func explain(
        _ entry: Entry, in section: SectionDescription
    ) -> (message: String, remedy: String, meant: String?) {
        let name = entry.key
        if let remedy = section.retired[name] { return ("is no longer a key", remedy, nil) }
        if name == "<<" {
            return ("is a YAML merge, which is not read", "write the keys out", nil)
        }
        if let (key, unit) = sameStem(name, in: section.keys) {
            return unitProblem(entry, key, unit)
        }
        if let strange = name.unicodeScalars.first(where: { $0.value > 0x7E || $0.value < 0x20 }) {
            let hex = String(strange.value, radix: 16, uppercase: true)
            let code = String(repeating: "0", count: max(0, 4 - hex.count)) + hex
            let near = nearest(name, in: section.keys.map(\.name))
            return (
                "holds the character U+\(code), which no key has",
                near.map { "write \($0) in plain letters" } ?? "write the key in plain letters",
                near
            )
        }
        if let near = nearest(name, in: section.keys.map(\.name)) {
            return ("is not a key here", "write \(near)", near)
        }
        let elsewhere = top.paths(to: name).prefix(3)
        if !elsewhere.isEmpty {
            return ("is not a key here", "move it to \(oneOf(Array(elsewhere)))", nil)
        }
        if section.keys.isEmpty { return ("is not a key here", "remove it", nil) }
        return ("is not a key here", "the keys here are \(list(section.keys.map(\.name)))", nil)
    }

    private func list(_ names: [String]) -> String {
        names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " …" : "")
    }

    /// The key with the same name but for its unit.
    private func sameStem(
        _ name: String, in keys: [KeyDescription]
    ) -> (KeyDescription, UnitSuffix)? {
        let written = UnitSuffix(of: name)?.stem(of: name)
        let folded = name.lowercased().putting("_", for: "-")
        for key in keys {
            guard let unit = key.unit, key.name.lowercased() != folded else { continue }
            let stem = unit.stem(of: key.name)
            if stem == name || stem == written || stem.lowercased() == folded { return (key, unit) }
        }
        return nil
    }

    private func unitProblem(
        _ entry: Entry, _ key: KeyDescription, _ unit: UnitSuffix
    ) -> (String, String, String?) {
        let written = UnitSuffix(of: entry.key)
        guard let written, written.stem(of: entry.key) == unit.stem(of: key.name) else {
            return (
                "lacks its unit", "write \(key.name); the value is in \(unit.symbol)", key.name
            )
        }
        if case .scalar(let text, quoted: false) = entry.value.content,
            NumberText.isDecimal(text), let number = Double(text), number.isFinite,
            let converted = convert(number, from: written, to: unit)
        {
            return (
                "has another unit than this key", "write \(key.name): \(plain(converted))",
                key.name
            )
        }
        return (
            "has another unit than this key",
            "write \(key.name), with the value in \(unit.symbol)", key.name
        )
    }
}

extension SectionDescription {
    /// Where a key of this name may stand: `homes[].battery.capacity_Ah`.
    func paths(to name: String) -> [String] {
        keys.flatMap { key -> [String] in
            let own = key.name == name ? [key.name] : []
            let step: String
            switch key.shape {
            case .list: step = key.name + "[]"
            case .map: step = key.name + ".<name>"
            default: step = key.name
            }
            return own + (key.inner?.paths(to: name).map { "\(step).\($0)" } ?? [])
        }
    }
}
