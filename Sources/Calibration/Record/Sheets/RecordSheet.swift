import BoardProfile

extension CalibrationRecord {
    /// The record for people: what it corrects, how well it is known, from what, by whom.
    public var sheet: String {
        var out = SheetLines()
        let unit = channel.unit, c = coefficients
        out.title("\(channel.key) of \(board), serial \(serial): calibration \(number)")
        out.row("made", "\(UTC.text(at_s) ?? "never") by \(person), skerry \(software)")
        if let measured_s { out.row("measured", UTC.text(measured_s) ?? "never") }
        out.row("note", note)
        if let t = temperature_degC { out.row("board at", "\(SheetLines.short(t)) °C") }
        out.row("reference", reference.words(unit))
        out.row("wired to", nominal.from)
        out.row(
            "nominal",
            "(raw - \(SheetLines.short(nominal.offset))) * \(SheetLines.short(nominal.gain))")
        out.row("zero", SheetLines.with(c.zero, unit))
        out.row("gain", SheetLines.ratio(c.scale))
        if c.curvature != 0 { out.row("curvature", "\(SheetLines.short(c.curvature)) per \(unit)") }
        if c.phase_deg != 0 || uncertainty.phase_deg != 0 {
            out.row("phase", SheetLines.with(c.phase_deg, uncertainty.phase_deg, "°"))
        }
        if c.skew_s != 0 || uncertainty.skew_s != 0 {
            out.row("skew", SheetLines.with(c.skew_s * 1e6, uncertainty.skew_s * 1e6, "µs"))
        }
        if c.zeroPerKelvin != 0 || c.scalePerKelvin != 0 {
            out.row(
                "drift",
                "\(SheetLines.with(c.zeroPerKelvin, unit))/K, "
                    + "\(SheetLines.short(c.scalePerKelvin * 1e6)) ppm/K")
        }
        if let t = thermistor {
            out.row(
                "thermistor",
                "\(SheetLines.short(t.R25_ohm)) ohm at 25 °C, beta \(SheetLines.short(t.beta_K)) K")
        }
        if let t = travel {
            out.row("closes in", SheetLines.with(t.close_s * 1e3, t.closeSpread_s * 1e3, "ms"))
            out.row("opens in", SheetLines.with(t.open_s * 1e3, t.openSpread_s * 1e3, "ms"))
            out.row("operations", "\(t.operations)")
        }
        if travel == nil { budget(&out) }
        out.points(self)
        return out.text
    }

    /// Expanded uncertainty and what makes it up, at the ends of the range.
    private func budget(_ out: inout SheetLines) {
        for v in ends {
            out.row(
                "at \(SheetLines.with(v, channel.unit))",
                "± \(SheetLines.rough(uncertainty.expanded(at: v), channel.unit)) (k = 2), most of it "
                    + uncertainty.dominant(at: v))
        }
    }

    /// The ends of the range, once where they are one.
    var ends: [Double] {
        range.lowerBound == range.upperBound
            ? [range.lowerBound] : [range.lowerBound, range.upperBound]
    }

    /// The record for machines; the names are those of the file, numbers to their last digit.
    public var json: JSON {
        func time(_ at_s: Double?) -> JSON {
            at_s.flatMap { UTC.text($0) }.map { JSON.text($0) } ?? .null
        }
        func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
        let c = coefficients
        return .object([
            ("channel", .text(channel.key)), ("unit", .text(channel.unit)),
            ("number", .number(Double(self.number))), ("board", .text(board)),
            ("serial", .text(serial)),
            ("person", .text(person)), ("time", time(at_s)), ("measured", time(measured_s)),
            ("temperature_degC", number(temperature_degC)), ("software", .text(software)),
            ("note", .text(note)),
            (
                "nominal",
                .object([
                    ("from", .text(nominal.from)), ("gain", .number(nominal.gain)),
                    ("offset", .number(nominal.offset)),
                    ("resolution", .number(nominal.resolution)),
                    ("lowest", number(nominal.lowestOrNil)),
                    ("highest", number(nominal.highestOrNil)),
                    ("alternating", .flag(nominal.isAlternating)),
                ])
            ),
            (
                "coefficients",
                .object([
                    ("zero", .number(c.zero)), ("scale", .number(c.scale)),
                    ("curvature", .number(c.curvature)), ("zero_per_K", .number(c.zeroPerKelvin)),
                    ("scale_per_K", .number(c.scalePerKelvin)),
                    ("temperature_degC", number(c.temperature_degC)),
                    ("phase_deg", .number(c.phase_deg)), ("skew_s", .number(c.skew_s)),
                ])
            ),
            ("uncertainty", uncertaintyJSON),
            (
                "travel",
                travel.map { t in
                    .object([
                        ("close_s", .number(t.close_s)), ("open_s", .number(t.open_s)),
                        ("close_spread_s", .number(t.closeSpread_s)),
                        ("open_spread_s", .number(t.openSpread_s)),
                        ("operations", .number(Double(t.operations))),
                    ])
                } ?? .null
            ),
            ("reference", reference.json),
            ("points", .list(points.map { $0.json })),
            ("outliers", .list(outliers.map { .number(Double($0)) })),
        ])
    }

    private var uncertaintyJSON: JSON {
        .object([
            ("covariance", .list(uncertainty.covariance.map { .list($0.map { .number($0) }) })),
            (
                "parts",
                .list(
                    uncertainty.parts.map { part in
                        .object([
                            ("name", .text(part.name)), ("kind", .text(part.kind.rawValue)),
                            ("zero", .number(part.zero)), ("scale", .number(part.scale)),
                        ])
                    })
            ),
            ("phase_deg", .number(uncertainty.phase_deg)),
            ("skew_s", .number(uncertainty.skew_s)),
            (
                "expanded",
                .list(
                    ends.map { v in
                        .object([
                            ("at", .number(v)), ("k2", .number(uncertainty.expanded(at: v))),
                            ("dominant", .text(uncertainty.dominant(at: v))),
                        ])
                    })
            ),
        ])
    }
}

extension ReferenceMeter {
    /// `Fluke 87V 12345, certificate D-K-1 to 2027-03-31: ± (0.05 % + 0.01 V), limits`
    func words(_ unit: String) -> String {
        var text = [model, serial].filter { !$0.isEmpty }.joined(separator: " ")
        if !certificate.isEmpty { text += ", certificate \(certificate)" }
        if !due.isEmpty { text += " to \(due)" }
        let figures =
            "± (\(SheetLines.short(ofReading * 100)) % + \(SheetLines.with(absolute, unit)))"
        return "\(text): \(figures), \(form == .certificate ? "k = 2" : "limits of error")"
    }

    var json: JSON {
        .object([
            ("model", .text(model)), ("serial", .text(serial)), ("certificate", .text(certificate)),
            ("due", .text(due)), ("form", .text(form.rawValue)),
            ("of_reading", .number(ofReading)), ("absolute", .number(absolute)),
            ("resolution", .number(resolution)),
        ])
    }
}

extension Point {
    var json: JSON {
        func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
        return .object([
            ("raw", .number(raw)), ("deviation", .number(deviation)),
            ("count", .number(Double(count))), ("reference", .number(reference)),
            ("reference_deviation", .number(referenceDeviation)), ("mean", number(mean)),
            ("phase_deg", number(phase_deg)), ("reference_phase_deg", number(referencePhase_deg)),
            ("frequency_Hz", number(frequency_Hz)),
            ("temperature_degC", number(temperature_degC)),
            ("time", at_s == 0 ? .null : UTC.text(at_s).map { JSON.text($0) } ?? .null),
        ])
    }
}
