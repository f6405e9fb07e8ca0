/// The measurements of the models that inverters and meters have, by the SunSpec Alliance's model
/// definitions: 101–103 and 111–113 inverters of one, split and three phases, in whole numbers and in
/// floating point, 201–204 and 211–214 meters likewise, 701 the DER of IEEE 1547-2018. Power is in the
/// direction of the device: turn it round with `scale=-1` where the channel counts the other way.
public enum SunSpecTable {
    /// Every model there is a table of.
    public static let models: [Int] =
        Array(101...103) + Array(111...113) + Array(201...204) + Array(211...214) + [701]

    /// Empty for a model there is no table of.
    public static func points(of model: Int) -> [SunSpecPoint] {
        switch model {
        case 101...103: inverter
        case 111...113: floatInverter
        case 201: meter(lineToLine: "PPVph")
        // The same registers; the definitions of these three write the names so.
        case 202...204: meter(lineToLine: "PhVph")
        case 211...214: floatMeter
        case 701: der
        default: []
        }
    }

    private static func row(
        _ names: [String], from offset: Int, _ type: SunSpecType, scale: Int?, _ unit: String
    ) -> [SunSpecPoint] {
        names.enumerated().map { n, name in
            SunSpecPoint(name, offset + n * type.words, type, scale, unit)
        }
    }

    private static let inverter: [SunSpecPoint] =
        row(["A", "AphA", "AphB", "AphC"], from: 2, .uint16, scale: 6, "A")
        + row(["PPVphAB", "PPVphBC", "PPVphCA"], from: 7, .uint16, scale: 13, "V")
        + row(["PhVphA", "PhVphB", "PhVphC"], from: 10, .uint16, scale: 13, "V")
        + [
            SunSpecPoint("W", 14, .int16, 15, "W"),
            SunSpecPoint("Hz", 16, .uint16, 17, "Hz"),
            SunSpecPoint("VA", 18, .int16, 19, "VA"),
            SunSpecPoint("VAr", 20, .int16, 21, "var"),
            SunSpecPoint("DCA", 27, .uint16, 28, "A"),
            SunSpecPoint("DCV", 29, .uint16, 30, "V"),
            SunSpecPoint("DCW", 31, .int16, 32, "W"),
        ]

    private static let floatInverter: [SunSpecPoint] =
        row(["A", "AphA", "AphB", "AphC"], from: 2, .float32, scale: nil, "A")
        + row(["PPVphAB", "PPVphBC", "PPVphCA"], from: 10, .float32, scale: nil, "V")
        + row(["PhVphA", "PhVphB", "PhVphC"], from: 16, .float32, scale: nil, "V")
        + [
            SunSpecPoint("W", 22, .float32, nil, "W"),
            SunSpecPoint("Hz", 24, .float32, nil, "Hz"),
            SunSpecPoint("VA", 26, .float32, nil, "VA"),
            SunSpecPoint("VAr", 28, .float32, nil, "var"),
            SunSpecPoint("DCA", 34, .float32, nil, "A"),
            SunSpecPoint("DCV", 36, .float32, nil, "V"),
            SunSpecPoint("DCW", 38, .float32, nil, "W"),
        ]

    private static func meter(lineToLine: String) -> [SunSpecPoint] {
        let pairs = ["AB", "BC", "CA"].map { lineToLine + $0 }
        return row(["A", "AphA", "AphB", "AphC"], from: 2, .int16, scale: 6, "A")
            + row(["PhV", "PhVphA", "PhVphB", "PhVphC"], from: 7, .int16, scale: 15, "V")
            + row(["PPV"] + pairs, from: 11, .int16, scale: 15, "V")
            + row(["Hz"], from: 16, .int16, scale: 17, "Hz")
            + row(["W", "WphA", "WphB", "WphC"], from: 18, .int16, scale: 22, "W")
            + row(["VA", "VAphA", "VAphB", "VAphC"], from: 23, .int16, scale: 27, "VA")
            + row(["VAR", "VARphA", "VARphB", "VARphC"], from: 28, .int16, scale: 32, "var")
    }

    private static let floatMeter: [SunSpecPoint] =
        row(["A", "AphA", "AphB", "AphC"], from: 2, .float32, scale: nil, "A")
        + row(["PhV", "PhVphA", "PhVphB", "PhVphC"], from: 10, .float32, scale: nil, "V")
        + row(["PPV", "PPVphAB", "PPVphBC", "PPVphCA"], from: 18, .float32, scale: nil, "V")
        + row(["Hz"], from: 26, .float32, scale: nil, "Hz")
        + row(["W", "WphA", "WphB", "WphC"], from: 28, .float32, scale: nil, "W")
        + row(["VA", "VAphA", "VAphB", "VAphC"], from: 36, .float32, scale: nil, "VA")
        + row(["VAR", "VARphA", "VARphB", "VARphC"], from: 44, .float32, scale: nil, "var")

    private static let der: [SunSpecPoint] =
        [
            SunSpecPoint("W", 10, .int16, 116, "W"),
            SunSpecPoint("VA", 11, .int16, 118, "VA"),
            SunSpecPoint("Var", 12, .int16, 119, "var"),
            SunSpecPoint("A", 14, .int16, 113, "A"),
            SunSpecPoint("LLV", 15, .uint16, 114, "V"),
            SunSpecPoint("LNV", 16, .uint16, 114, "V"),
            SunSpecPoint("Hz", 17, .uint32, 115, "Hz"),
        ] + phase("L1", "VL1L2", at: 41) + phase("L2", "VL2L3", at: 64)
        + phase("L3", "VL3L1", at: 87)

    private static func phase(_ line: String, _ pair: String, at offset: Int) -> [SunSpecPoint] {
        [
            SunSpecPoint("W\(line)", offset, .int16, 116, "W"),
            SunSpecPoint("VA\(line)", offset + 1, .int16, 118, "VA"),
            SunSpecPoint("Var\(line)", offset + 2, .int16, 119, "var"),
            SunSpecPoint("A\(line)", offset + 4, .int16, 113, "A"),
            SunSpecPoint(pair, offset + 5, .uint16, 114, "V"),
            SunSpecPoint("V\(line)", offset + 6, .uint16, 114, "V"),
        ]
    }
}
