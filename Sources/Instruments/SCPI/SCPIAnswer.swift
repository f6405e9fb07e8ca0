/// One line of a meter, read as a number.
enum SCPIAnswer {
    /// - Parameters:
    ///   - line: without its line feed.
    ///   - field: which of several, from 1.
    /// - Throws: where it is no number, an overload, not a number, or one of several.
    static func reading(
        _ line: [UInt8], field: Int?, scale: Double
    ) throws(InstrumentFault) -> InstrumentReading {
        let fields = line.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";")
        }
        guard fields.count == 1 || field != nil else {
            throw InstrumentFault(
                "the answer \(quoted(line)) has \(fields.count) values",
                "choose one with field=1 to field=\(fields.count)")
        }
        let n = field ?? 1
        guard n <= fields.count else {
            throw InstrumentFault(
                "the answer \(quoted(line)) has \(fields.count) values, none is number \(n)",
                "choose one with field=1 to field=\(fields.count)")
        }
        let text = trimmed(fields[n - 1])
        if let fault = wordFault(String(decoding: text, as: UTF8.self).uppercased()) {
            throw fault
        }
        guard let number = DecimalText(text) else {
            throw InstrumentFault(
                text.isEmpty ? "the answer is empty" : "the answer \(quoted(text)) is no number",
                "ask the query by hand, and set the meter to plain decimal answers without units")
        }
        if let fault = sentinelFault(number.value) { throw fault }
        return InstrumentReading(
            number.value * scale, resolution: abs(number.step * scale))
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest.drop(while: isBlank)
    }
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D
    }

    /// SCPI-99 volume 1, 7.2.1: 9.9E37 is INFinity, its negative NINFinity, 9.91E37 is Not A Number.
    private static func sentinelFault(_ value: Double) -> InstrumentFault? {
        let size = value.magnitude
        if abs(size - 9.91e37) < 1e33 { return notANumber }
        return size > 9.899e37 ? overload : nil
    }
    private static func wordFault(_ word: String) -> InstrumentFault? {
        switch word {
        case "INF", "+INF", "-INF", "NINF", "INFINITY", "OL", "+OL", "-OL", "OVLD", "OVERLOAD",
            "OVERFLOW":
            overload
        case "NAN", "+NAN", "-NAN": notANumber
        default: nil
        }
    }
    static let overload = InstrumentFault("overload", "choose a higher range")
    static let notANumber = InstrumentFault(
        "the meter answers not a number", "see that its function and its inputs fit the query")
}
