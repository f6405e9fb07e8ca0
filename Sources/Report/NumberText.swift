/// Numbers as people read them, the same in every locale.
enum NumberText {
    /// With `places` decimals, rounded half away from nil. No exponent; a dash for what is not
    /// finite.
    static func fixed(_ number: Double, _ places: Int) -> String {
        guard number.isFinite else { return "–" }
        let scale = power(places)
        let scaled = (number.magnitude * scale).rounded()
        guard scaled < 0x1p63 else { return Escape.plain(number) }
        let digits = UInt64(scaled)
        let sign = number < 0 && digits > 0 ? "-" : ""
        guard places > 0 else { return sign + String(digits) }
        let unit = UInt64(scale)
        let fraction = String(digits % unit)
        return sign + String(digits / unit) + "."
            + String(repeating: "0", count: places - fraction.count) + fraction
    }

    /// About five significant digits, whole above 10 000, scientific when tiny or huge.
    static func figure(_ number: Double) -> String {
        guard number.isFinite else { return "–" }
        let size = number.magnitude
        if size == 0 { return "0" }
        if size < 1e-4 || size >= 1e12 { return scientific(number) }
        var places = 0
        while places < 8, size * power(places) < 9_999.5 { places += 1 }
        let text = fixed(number, places)
        guard text.contains(".") else { return text }
        let trimmed = text.reversed().drop { $0 == "0" }
        return String(trimmed.drop { $0 == "." }.reversed())
    }

    /// Three significant digits and a power of ten: `1.23e-06`.
    private static func scientific(_ number: Double) -> String {
        var exponent = 0
        var size = number.magnitude
        while size >= 9.995 { (size, exponent) = (size / 10, exponent + 1) }
        while size < 0.9995 { (size, exponent) = (size * 10, exponent - 1) }
        return (number < 0 ? "-" : "") + fixed(size, 2) + "e\(exponent)"
    }

    private static func power(_ places: Int) -> Double {
        (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    }
}

/// Times as people read them.
enum TimeText {
    /// At an instant of a run that lasts `span` seconds: `12.340 s`, or `1:02:03.456` in a long one.
    static func instant(_ time_s: Double, span: Double) -> String {
        guard time_s.isFinite else { return "–" }
        return span < 120 ? NumberText.fixed(time_s, 3) + " s" : clock(time_s, places: 3)
    }

    /// A length: `0.25 s`, `61.4 s`, `3 min 20 s`, `26 h 5 min`.
    static func long(_ time_s: Double) -> String {
        guard time_s.isFinite, time_s.magnitude < 1e12 else { return "–" }
        if time_s < 120 { return NumberText.figure((time_s * 1e3).rounded() / 1e3) + " s" }
        let whole = Int(time_s.rounded())
        return whole < 7200
            ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
    }

    /// `h:mm:ss` and `places` decimals of the second, at most nine.
    static func clock(_ time_s: Double, places: Int = 0) -> String {
        guard time_s.isFinite, time_s.magnitude < 1e9 else { return "–" }
        let perSecond = (0..<places).reduce(1) { unit, _ in unit * 10 }
        let all = Int((time_s.magnitude * Double(perSecond)).rounded())
        let whole = all / perSecond
        let fraction = String(all % perSecond)
        let tail =
            places == 0
            ? "" : "." + String(repeating: "0", count: places - fraction.count) + fraction
        return (time_s < 0 ? "-" : "") + "\(whole / 3600):" + pair(whole / 60 % 60) + ":"
            + pair(whole % 60) + tail
    }

    private static func pair(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
}
