import Calibration

/// What a person typed off a meter: `48.213`, `-1.25 A`, `12 m`, and of a waveform `5.02 A @ 30`.
public struct MeterReading: Equatable, Sendable {
    /// In the channel's unit.
    public var value: Double
    /// What follows `@`: the meter's phase of this channel against its voltage, degrees.
    public var phase_deg: Double?

    /// Why a text is no reading, and what to write.
    public struct Refusal: Error, Equatable, Sendable {
        public var message: String
    }

    /// Unit and prefix may be left out. Refuses a decimal comma, another unit, and whatever else is
    /// no number, for a wrong guess would become a wrong calibration.
    public init(_ text: String, for channel: Calibrated) throws(Refusal) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2 else {
            throw Refusal(message: "“\(text)” is no number")
        }
        value = try Self.number(String(first), unit: channel.unit)
        guard parts.count == 2 else { return }
        guard case .wave = channel else {
            throw Refusal(message: "\(channel.key) has no phase; leave out what follows @")
        }
        phase_deg = try Self.number(String(parts[1]), unit: "°")
    }

    private static func number(_ text: String, unit: String) throws(Refusal) -> Double {
        let plain = String(text.map { $0 == "−" ? "-" : $0 }).filter { $0 != "\t" }
        let body = trimmed(plain)
        let digits = body.prefix { $0.isASCII && ($0.isNumber || "+-.,".contains($0)) }
        if digits.contains(",") {
            let pointed = String(digits.map { $0 == "," ? "." : $0 })
            let example = Double(pointed) == nil ? "48.2" : pointed
            throw Refusal(message: "decimal comma: write \(example)")
        }
        var end = digits.endIndex
        // 1.2e-3, but not the start of a word.
        let tail = body[end...]
        if tail.first == "e" || tail.first == "E" {
            let power = tail.dropFirst().prefix { $0.isASCII && ($0.isNumber || "+-".contains($0)) }
            if Int(power) != nil { end = power.endIndex }
        }
        guard let number = Double(body[..<end]), number.isFinite else {
            throw Refusal(message: "“\(trimmed(text))” is no number: write 48.2 or -1.25 A")
        }
        let scaled = number * (try factor(trimmed(String(body[end...])), unit: unit))
        guard scaled.isFinite else { throw Refusal(message: "“\(trimmed(text))” is too large") }
        return scaled
    }

    /// What a suffix makes of the number before it.
    private static func factor(_ suffix: String, unit: String) throws(Refusal) -> Double {
        if suffix.isEmpty || suffix == unit { return 1 }
        if unit.isEmpty && suffix == "%" { return 0.01 }
        if unit == "°C" && ["C", "degC"].contains(suffix) { return 1 }
        if unit == "°" && ["deg", "d"].contains(suffix) { return 1 }
        let prefixes: [Character: Double] = [
            "n": 1e-9, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9,
        ]
        let rest = suffix.dropFirst()
        if let first = suffix.first, let scale = prefixes[first], !["", "°", "°C"].contains(unit),
            rest.isEmpty || rest == unit
        {
            return scale
        }
        let own = unit.isEmpty ? "a ratio, 0 to 1" : "in \(unit)"
        throw Refusal(message: "“\(suffix)”: this channel is \(own)")
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
