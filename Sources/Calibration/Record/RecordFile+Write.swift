extension RecordFile {
    /// The file's bytes and their digest. Everything is written in one order and one spelling.
    static func sealed(
        _ record: CalibrationRecord, previous: SHA256Digest?
    ) -> (bytes: [UInt8], digest: SHA256Digest) {
        var out = YAMLLines()
        let u = record.channel.suffix
        out.comment(
            "Calibration \(record.number) of \(record.channel.key). Written by skerry, and refused once it "
                + "is changed by hand.")
        out.number("format", Double(newest))
        out.word("channel", record.channel.key)
        out.number("number", Double(record.number))
        if let previous { out.word("previous", previous.text) }
        out.words("board", record.board)
        out.words("serial", record.serial)
        out.words("person", record.person)
        out.words("time", UTC.text(record.at_s) ?? "never")
        if let measured = record.measured_s { out.words("measured", UTC.text(measured) ?? "never") }
        if let t = record.temperature_degC { out.number("temperature_degC", t) }
        out.words("software", record.software)
        out.words("note", record.note)
        out.section("nominal") { $0.nominal(record.nominal) }
        out.section("coefficients") { $0.coefficients(record.coefficients, u) }
        out.section("range") { out in
            out.number("lowest" + u, record.range.lowerBound)
            out.number("highest" + u, record.range.upperBound)
        }
        out.section("uncertainty") { $0.uncertainty(record.uncertainty, u) }
        if let travel = record.travel { out.section("travel") { $0.travel(travel) } }
        if let found = record.thermistor { out.section("thermistor") { $0.thermistor(found) } }
        out.section("reference") { $0.reference(record.reference, u) }
        out.points(record.points, u)
        if !record.outliers.isEmpty { out.numbers("outliers", record.outliers.map(Double.init)) }
        return Seal.sealed(out.text)
    }
}

extension YAMLLines {
    mutating func nominal(_ n: Nominal) {
        words("from", n.from)
        number("gain", n.gain)
        number("offset", n.offset)
        number("resolution", n.resolution)
        if n.lowest != -.infinity { number("lowest", n.lowest) }
        if n.highest != .infinity { number("highest", n.highest) }
        word("alternating", n.isAlternating ? "true" : "false")
        if let constants = n.thermistor { section("thermistor") { $0.thermistor(constants) } }
    }

    fileprivate mutating func thermistor(_ t: ThermistorConstants) {
        number("R25_ohm", t.R25_ohm)
        number("beta_K", t.beta_K)
    }

    fileprivate mutating func coefficients(_ c: Coefficients, _ u: String) {
        number("zero" + u, c.zero)
        number("scale", c.scale)
        number("curvature" + Coefficients.per(u), c.curvature)
        number("zero\(u)_per_K", c.zeroPerKelvin)
        number("scale_per_K", c.scalePerKelvin)
        if let t = c.temperature_degC { number("temperature_degC", t) }
        number("phase_deg", c.phase_deg)
        number("skew_s", c.skew_s)
    }

    fileprivate mutating func uncertainty(_ uncertainty: Uncertainty, _ u: String) {
        section("covariance") { out in
            for (name, row) in zip(["zero", "scale", "curvature"], uncertainty.covariance) {
                out.numbers(name, row)
            }
        }
        list(
            "parts",
            uncertainty.parts.map { part in
                [
                    ("name", Self.quoted(part.name)), ("kind", part.kind.rawValue),
                    ("zero" + u, Self.number(part.zero)), ("scale", Self.number(part.scale)),
                ]
            })
        number("phase_deg", uncertainty.phase_deg)
        number("skew_s", uncertainty.skew_s)
    }

    fileprivate mutating func travel(_ t: Travel) {
        number("close_s", t.close_s)
        number("open_s", t.open_s)
        number("close_spread_s", t.closeSpread_s)
        number("open_spread_s", t.openSpread_s)
        number("operations", Double(t.operations))
    }

    mutating func reference(_ r: ReferenceMeter, _ u: String) {
        words("model", r.model)
        words("serial", r.serial)
        words("certificate", r.certificate)
        words("due", r.due)
        word("form", r.form.rawValue)
        number("of_reading", r.ofReading)
        number("absolute" + u, r.absolute)
        number("resolution" + u, r.resolution)
    }

    /// A line each; what says nothing is left out.
    mutating func points(_ points: [Point], _ u: String) {
        list(
            "points",
            points.map { p in
                var fields = [
                    ("raw", Self.number(p.raw)), ("deviation", Self.number(p.deviation)),
                    ("count", String(p.count)), ("reference" + u, Self.number(p.reference)),
                ]
                if p.referenceDeviation != 0 {
                    fields.append(("reference_deviation" + u, Self.number(p.referenceDeviation)))
                }
                for (key, value) in [
                    ("mean", p.mean), ("phase_deg", p.phase_deg),
                    ("reference_phase_deg", p.referencePhase_deg),
                    ("frequency_Hz", p.frequency_Hz),
                    ("temperature_degC", p.temperature_degC),
                ] {
                    if let value { fields.append((key, Self.number(value))) }
                }
                if p.at_s != 0 { fields.append(("time", Self.quoted(UTC.text(p.at_s) ?? "never"))) }
                return fields
            })
    }
}
