import Testing

@testable import Instruments

@Suite("Numbers in answers") struct AnswerTests {
    @Test(
        "NR1, NR2 and NR3 are numbers, with the step of their last digit",
        arguments: [
            ("0", 0, 1), ("-12", -12, 1), ("+1.5", 1.5, 0.1), ("230.10", 230.1, 0.01),
            ("+2.30104500E+02", 230.1045, 1e-6), ("1e3", 1000, 1000), ("-4.7e-3", -0.0047, 1e-4),
            (".5", 0.5, 0.1), ("5.", 5, 1), ("0.000", 0, 1e-3), ("1E-300", 1e-300, 1e-300),
        ] as [(String, Double, Double)])
    func numbers(_ text: String, _ value: Double, _ step: Double) throws {
        let number = try #require(DecimalText(text))
        #expect(number.value == value)
        #expect(abs(number.step - step) <= step * 1e-12)
    }

    @Test(
        "Nothing else is",
        arguments: [
            "", " 1", "1 ", "+", ".", "e5", "1e", "1e+", "1e5.0", "0x10", "1_000", "1,5", "--1",
            "inf", "nan", "1.5V", "1 E3", "1e999", "1e99999999999999999999", "１",
            String(repeating: "1", count: 65),
        ])
    func noNumbers(_ text: String) { #expect(DecimalText(text) == nil) }

    private func reading(
        _ text: String, field: Int? = nil, scale: Double = 1
    ) throws(InstrumentFault) -> InstrumentReading {
        try SCPIAnswer.reading(Array(text.utf8), field: field, scale: scale)
    }

    @Test("A carriage return and blanks may stand around it; scale and resolution follow")
    func plain() throws {
        #expect(try reading("+1.25E+00\r") == InstrumentReading(1.25, resolution: 0.01))
        #expect(try reading(" 42 ") == InstrumentReading(42, resolution: 1))
        let scaled = try reading("250.0", scale: -0.001)
        #expect(abs(scaled.value + 0.25) < 1e-15 && abs(scaled.resolution - 1e-4) < 1e-18)
    }

    @Test("One of several values is chosen, never guessed")
    func fields() throws {
        #expect(try reading("1.0, 2.0,3.0", field: 2).value == 2)
        #expect(try reading("7", field: 1).value == 7)
        let several = try #require(fault { () throws(InstrumentFault) in try reading("1,2,3") })
        #expect(several.message.contains("'1,2,3' has 3 values"))
        #expect(several.remedy == "choose one with field=1 to field=3")
        let beyond = try #require(
            fault { () throws(InstrumentFault) in try reading("1;2", field: 3) })
        #expect(beyond.message.contains("none is number 3"))
    }

    @Test(
        "Overload and not-a-number have their own words",
        arguments: [
            ("+9.9E37", SCPIAnswer.overload), ("-9.90000000E+37", SCPIAnswer.overload),
            ("9.9e37\r", SCPIAnswer.overload), ("1E38", SCPIAnswer.overload),
            ("OVLD", SCPIAnswer.overload), ("-ol", SCPIAnswer.overload),
            ("inf", SCPIAnswer.overload), ("9.91E37", SCPIAnswer.notANumber),
            ("+9.91000000E+37", SCPIAnswer.notANumber), ("NaN", SCPIAnswer.notANumber),
        ])
    func sentinels(_ text: String, _ expected: InstrumentFault) {
        #expect(fault { () throws(InstrumentFault) in try reading(text) } == expected)
        // The factor for milli must not turn an overload into a reading.
        #expect(fault { () throws(InstrumentFault) in try reading(text, scale: 1e-3) } == expected)
    }
    @Test("Overload says what to do") func overload() {
        #expect(SCPIAnswer.overload.description == "overload; choose a higher range")
    }

    @Test("What is no number is quoted, its control characters made harmless")
    func garbage() throws {
        let painted = try #require(
            fault { () throws(InstrumentFault) in try reading("\u{1B}[2J1.0\u{7}") })
        #expect(painted.message == #"the answer '\x1B[2J1.0\x07' is no number"#)
        let empty = try #require(fault { () throws(InstrumentFault) in try reading("\r") })
        #expect(empty.message == "the answer is empty")
        let unit = try #require(fault { () throws(InstrumentFault) in try reading("1.25 V") })
        #expect(unit.remedy.contains("without units"))
        let bytes = fault { () throws(InstrumentFault) in
            try SCPIAnswer.reading([0xFF, 0xFE, 0x00], field: nil, scale: 1)
        }
        #expect(bytes?.message == #"the answer '\xFF\xFE\x00' is no number"#)
    }
}
