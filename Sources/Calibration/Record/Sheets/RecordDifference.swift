import BoardProfile

/// What changed between two calibrations of a channel, for people and for machines.
public struct RecordDifference: Equatable, Sendable {
    public struct Line: Equatable, Sendable {
        /// As the record's file names it: `coefficients.scale`.
        public var key: String
        public var before: String
        public var after: String
    }
    /// `battery_voltage: 2 → 3`
    public var title: String
    /// What differs, in the order of the file; uncertainties at the ends of the later range.
    public var lines: [Line]

    public init(from a: CalibrationRecord, to b: CalibrationRecord) {
        title =
            a.channel == b.channel
            ? "\(a.channel.key): \(a.number) → \(b.number)"
            : "\(a.channel.key) \(a.number) → \(b.channel.key) \(b.number)"
        var lines: [Line] = []
        func compare(_ key: String, _ before: String, _ after: String) {
            if before != after { lines.append(Line(key: key, before: before, after: after)) }
        }
        let unit = b.channel.unit, (p, q) = (a.coefficients, b.coefficients)
        compare("time", UTC.text(a.at_s) ?? "never", UTC.text(b.at_s) ?? "never")
        compare("person", a.person, b.person)
        compare("software", a.software, b.software)
        compare("board", a.board, b.board)
        compare("serial", a.serial, b.serial)
        compare("reference", a.reference.words(a.channel.unit), b.reference.words(unit))
        compare("note", a.note, b.note)
        for (key, before, after, unit) in [
            ("nominal.gain", a.nominal.gain, b.nominal.gain, ""),
            ("nominal.offset", a.nominal.offset, b.nominal.offset, ""),
            ("coefficients.zero", p.zero, q.zero, unit),
            ("coefficients.scale", p.scale, q.scale, ""),
            ("coefficients.curvature", p.curvature, q.curvature, ""),
            ("coefficients.zero_per_K", p.zeroPerKelvin, q.zeroPerKelvin, ""),
            ("coefficients.scale_per_K", p.scalePerKelvin, q.scalePerKelvin, ""),
            ("coefficients.phase_deg", p.phase_deg, q.phase_deg, "°"),
            ("coefficients.skew_s", p.skew_s, q.skew_s, "s"),
            ("range.lowest", a.range.lowerBound, b.range.lowerBound, unit),
            ("range.highest", a.range.upperBound, b.range.upperBound, unit),
        ] {
            if before != after {
                compare(key, Self.number(before, after, unit), Self.number(after, before, unit))
            }
        }
        if a.travel != b.travel {
            compare("travel", Self.words(a.travel), Self.words(b.travel))
        }
        for v in b.ends {
            compare(
                "expanded at \(SheetLines.with(v, unit))",
                "± " + SheetLines.rough(a.uncertainty.expanded(at: v), unit),
                "± " + SheetLines.rough(b.uncertainty.expanded(at: v), unit))
            if a.travel == nil, b.travel == nil {
                compare(
                    "reads at \(SheetLines.with(v, unit))", SheetLines.with(p.corrected(v), unit),
                    SheetLines.with(q.corrected(v), unit))
            }
        }
        compare("points", "\(a.points.count)", "\(b.points.count)")
        self.lines = lines
    }

    /// `key  before → after`, a line each.
    public var text: String {
        if lines.isEmpty { return title + "\n  no difference\n" }
        var out = title + "\n"
        let width = lines.map(\.key.count).max() ?? 0
        for line in lines {
            let pad = String(repeating: " ", count: width - line.key.count)
            let before = line.before.isEmpty ? "none" : line.before
            let after = line.after.isEmpty ? "none" : line.after
            out += "  \(line.key)\(pad)  \(before) → \(after)\n"
        }
        return out
    }

    public var json: JSON {
        .object([
            ("title", .text(title)),
            (
                "changes",
                .list(
                    lines.map { line in
                        .object([
                            ("key", .text(line.key)), ("before", .text(line.before)),
                            ("after", .text(line.after)),
                        ])
                    })
            ),
        ])
    }

    /// Short, but to all digits where the short texts would be the same.
    private static func number(_ number: Double, _ other: Double, _ unit: String) -> String {
        let short = SheetLines.short(number)
        let text = short == SheetLines.short(other) ? YAMLLines.number(number) : short
        return unit.isEmpty ? text : "\(text) \(unit)"
    }

    private static func words(_ travel: Travel?) -> String {
        guard let t = travel else { return "" }
        let close = SheetLines.with(t.close_s * 1e3, t.closeSpread_s * 1e3, "ms")
        let open = SheetLines.with(t.open_s * 1e3, t.openSpread_s * 1e3, "ms")
        return "closes in \(close), opens in \(open), \(t.operations) operations"
    }
}

extension CalibrationStore {
    /// `RecordDifference` of two entries.
    public static func diff(_ a: CalibrationRecord, _ b: CalibrationRecord) -> RecordDifference {
        RecordDifference(from: a, to: b)
    }
}
