import BoardProfile

// The sections of a record. `u` is what keys in the channel's unit end in: `_V`.

extension Nominal {
    static let section = Section(
        "Nominal", of: Nominal(), "What the board file said: reading = (raw - offset) * gain."
    ) { s in
        s.text("from", \.from, "The pin the channel is wired to.", example: "battery.bus_voltage")
        s.number("gain", \.gain, RecordFile.any, "Channel units for each unit of raw.", .required)
        s.number("offset", \.offset, RecordFile.any, "In the unit of raw.", .required)
        s.number("resolution", \.resolution, RecordFile.positive, "One count, in the unit of raw.")
        s.number(
            "lowest", \.lowestOrNil, RecordFile.any, "At or below it a raw number is saturated.",
            example: 0)
        s.number(
            "highest", \.highestOrNil, RecordFile.any, "At or above it a raw number is saturated.",
            example: 4095)
        s.flag("alternating", \.isAlternating, "A waveform, calibrated by its RMS.")
        s.section("thermistor", \.thermistor, ThermistorConstants.section)
    }
    var lowestOrNil: Double? {
        get { lowest.isFinite ? lowest : nil }
        set { lowest = newValue ?? -.infinity }
    }
    var highestOrNil: Double? {
        get { highest.isFinite ? highest : nil }
        set { highest = newValue ?? .infinity }
    }
}

extension Coefficients {
    /// What a key for one over the channel's unit ends in: `_per_V`.
    static func per(_ u: String) -> String { u.isEmpty ? "" : "_per" + u }

    static func section(_ u: String) -> Section<Coefficients> {
        Section(
            "Coefficients", of: Coefficients(),
            "true = zero + (1 + scale) * reading + curvature * reading²."
        ) { s in
            s.number("zero" + u, \.zero, RecordFile.any, "In the channel's unit.", .required)
            s.number("scale", \.scale, RecordFile.any, "A ratio.", .required)
            s.number(
                "curvature" + per(u), \.curvature, RecordFile.any, "One over the channel's unit.")
            s.number("zero\(u)_per_K", \.zeroPerKelvin, RecordFile.any, "Drift of zero.")
            s.number("scale_per_K", \.scalePerKelvin, RecordFile.any, "Drift of scale.")
            s.number(
                "temperature_degC", \.temperature_degC, -100...200, "Where zero and scale hold.",
                example: 21)
            s.number("phase_deg", \.phase_deg, RecordFile.any, "Added to the measured phase.")
            s.number("skew_s", \.skew_s, RecordFile.any, "Sampled this much later than the first.")
        }
    }
}

extension Uncertainty.Part {
    static func section(_ u: String) -> Section<Uncertainty.Part> {
        Section(
            "Part", of: Uncertainty.Part("", .B), "One line of the budget: √(zero² + (scale·v)²)."
        ) { s in
            s.text("name", \.name, "What it is.", .required, example: "reference")
            s.choice("kind", \.kind, "Type A or B (GUM 3.3.4).", .required)
            s.number("zero" + u, \.zero, RecordFile.positive, "Standard, in the channel's unit.")
            s.number("scale", \.scale, RecordFile.positive, "Standard, a ratio.")
        }
    }
}

extension ThermistorConstants {
    static let section = Section(
        "Thermistor", of: ThermistorConstants(R25_ohm: 0, beta_K: 0),
        "R = R25 · exp(beta · (1/T − 1/298.15 K))."
    ) { s in
        s.number("R25_ohm", \.R25_ohm, 1...100_000_000, "At 25 °C.", .required, example: 10_000)
        s.number("beta_K", \.beta_K, 100...20_000, "Its beta.", .required, example: 3435)
    }
}

extension Travel {
    static let section = Section(
        "Travel",
        of: Travel(close_s: 0, open_s: 0, closeSpread_s: 0, openSpread_s: 0, operations: 0),
        "From the coil's order to the contact."
    ) { s in
        s.number("close_s", \.close_s, 0...60, "To close.", .required)
        s.number("open_s", \.open_s, 0...60, "To open.", .required)
        s.number("close_spread_s", \.closeSpread_s, 0...60, "Standard deviation.", .required)
        s.number("open_spread_s", \.openSpread_s, 0...60, "Standard deviation.", .required)
        s.integer(
            "operations", \.operations, 1...1_000_000, "Learned from so many of each.", .required,
            example: 20)
    }
}

extension ReferenceMeter {
    static let day = TextForm("[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day such as 2027-03-31", limit: 10)

    static func section(_ u: String) -> Section<ReferenceMeter> {
        Section("Reference", of: .empty, "The meter that was believed.") { s in
            s.text("model", \.model, "Maker and model.", .required, example: "Fluke 87V")
            s.text("serial", \.serial, "Its serial number.", example: "12345678")
            s.text("certificate", \.certificate, "Number of its certificate.", example: "D-K-1")
            s.text(
                "due", \.due, form: day, "The day its certificate ends.", example: "2027-03-31")
            s.choice("form", \.form, "What its figures are.", .required)
            s.number("of_reading", \.ofReading, 0...1, "A ratio of the reading.", .required)
            s.number("absolute" + u, \.absolute, RecordFile.positive, "And so much.", .required)
            s.number("resolution" + u, \.resolution, RecordFile.positive, "Its last digit.")
            s.rule { meter, check in
                if !meter.due.isEmpty, UTC.seconds(day: meter.due) == nil {
                    check.refuse(\.due, "is no day", "write a day that there is: 2027-03-31")
                }
            }
        }
    }
}

extension TimedPoint {
    static func section(_ u: String) -> Section<TimedPoint> {
        Section("Point", of: TimedPoint(), "One averaged point.") { s in
            s.number("raw", \.point.raw, RecordFile.any, "Mean of the raw number.", .required)
            s.number(
                "deviation", \.point.deviation, RecordFile.positive, "Of one reading, as raw.")
            s.integer("count", \.point.count, 1...1_000_000_000, "Readings averaged.")
            s.number(
                "reference" + u, \.point.reference, RecordFile.any, "What the reference said.",
                .required)
            s.number(
                "reference_deviation" + u, \.point.referenceDeviation, RecordFile.positive,
                "Of the mean of the reference.")
            s.number(
                "mean", \.point.mean, RecordFile.any, "Mean of a waveform's counts.", example: 0)
            s.number(
                "phase_deg", \.point.phase_deg, -360...360, "Of its fundamental.", example: 0)
            s.number(
                "reference_phase_deg", \.point.referencePhase_deg, -360...360,
                "What the reference said.", example: 0)
            s.number(
                "frequency_Hz", \.point.frequency_Hz, 1...1000, "Of a waveform.", example: 50)
            s.number(
                "temperature_degC", \.point.temperature_degC, -100...200, "Of the board.",
                example: 21)
            s.text(
                "time", \.time, form: RecordFile.time, "When it was taken.",
                example: "2026-11-22T10:00:00Z")
        }
    }
}
