import Testing

@testable import LinuxBoard

@Suite("Scan formats") struct ScanFormatTests {
    @Test(
        "What the kernel and iiod write is read",
        arguments: [
            ("le:s12/16>>4", false, true, false, 12, 16, 1, 4),
            ("be:u24/32>>8", true, false, false, 24, 32, 1, 8),
            ("le:S16/16>>0", false, true, true, 16, 16, 1, 0),
            ("le:U16/16X4>>0", false, false, true, 16, 16, 4, 0),
            ("le:s64/64>>0", false, true, false, 64, 64, 1, 0),
            ("be:u8/8", true, false, false, 8, 8, 1, 0),
            ("le:s1/64X64>>63", false, true, false, 1, 64, 64, 63),
        ]
    )
    func reads(
        _ text: String, _ be: Bool, _ signed: Bool, _ full: Bool, _ bits: Int, _ storage: Int,
        _ repeats: Int, _ shift: Int
    ) throws {
        let f = try #require(ScanFormat(text))
        #expect(f.isBigEndian == be && f.isSigned == signed && f.isFullyDefined == full)
        #expect(f.bits == bits && f.storage == storage && f.repeats == repeats && f.shift == shift)
        #expect(f.bytes == storage / 8 * repeats)
    }

    @Test(
        "Nothing else is",
        arguments: [
            "", "le", "le:", "le:s12", "le:s12/", "le:s12/16>>", "le:s12/16>>5", "le:s12/16>4",
            "LE:s12/16>>4", "le:x12/16>>4", "le:s0/16>>0", "le:s17/16>>0", "le:s12/24>>0",
            "le:s-1/16>>0", "le:s12/16>>-1", "le:s12/16X>>4", "le:s12/16X0>>4", "le:s12/16X65>>4",
            " le:s12/16>>4", "le:s12/16>>4 ", "le:s12/16>>4\n", "le:s1２/16>>4",
            "le:s9999999999999999999/16>>4", "le:s12/16>>99999999999999999999", "me:s12/16>>4",
            "le:s12/16x2>>4", "le:s12/16>>4>>4",
        ]
    )
    func refuses(_ text: String) { #expect(ScanFormat(text) == nil) }

    @Test(
        "A word becomes a value",
        arguments: [
            ("le:s12/16>>4", 0xFFF0, -1), ("le:s12/16>>4", 0x7FFF, 2047),
            ("le:s12/16>>4", 0x800F, -2048), ("le:u12/16>>4", 0xFFFF, 4095),
            ("le:u12/16>>0", 0xF123, 0x123), ("le:s24/32>>8", 0x8000_00FF, -8_388_608),
            ("le:u32/32>>0", 0xFFFF_FFFF, 4_294_967_295), ("le:s8/8>>0", 0x80, -128),
            ("le:s1/8>>7", 0x80, -1), ("le:u1/8>>7", 0x80, 1), ("le:s64/64>>0", -1, -1),
        ] as [(String, Int64, Int64)]
    )
    func values(_ text: String, _ word: Int64, _ value: Int64) throws {
        #expect(try #require(ScanFormat(text)).value(UInt64(bitPattern: word)) == value)
    }
}

@Suite("Scan layouts") struct ScanLayoutTests {
    private func layout(_ elements: (String, String)...) throws -> ScanLayout? {
        try ScanLayout(elements.map { ScanElement($0.0, try #require(ScanFormat($0.1))) })
    }

    @Test("Elements stand at multiples of their own size, scans at multiples of the largest")
    func alignment() throws {
        let l = try #require(
            try layout(
                ("voltage0", "le:s16/16>>0"), ("voltage1", "le:s32/32>>0"),
                ("voltage2", "le:u8/8>>0"), ("timestamp", "le:s64/64>>0")))
        #expect(l.fields.map(\.offset) == [0, 4, 8] && l.timestamp?.offset == 16 && l.stride == 24)
        let three = try #require(try layout(("a", "le:s32/32>>0"), ("b", "le:s16/16>>0")))
        #expect(three.stride == 8)
        let quaternion = try #require(try layout(("a", "le:s8/8>>0"), ("q", "be:s16/16X4>>0")))
        #expect(quaternion.fields.map(\.offset) == [0, 8, 10, 12, 14] && quaternion.stride == 16)
        #expect(quaternion.names == ["a", "q.0", "q.1", "q.2", "q.3"])
    }

    @Test("What would not fit in a count is refused") func refused() throws {
        #expect(try layout(("a", "le:s33/64>>0")) == nil)
        #expect(try layout() == nil)
        #expect(try layout(("timestamp", "le:s64/64X2>>0")) == nil)
    }

    @Test("Bytes are taken apart") func takenApart() throws {
        let l = try #require(
            try layout(
                ("a", "be:s12/16>>4"), ("b", "le:u32/32>>0"), ("timestamp", "le:s64/64>>0")))
        let bytes: [UInt8] = [
            0xFF, 0xF0, 9, 9, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 0, 0, 0, 0,
            0x7F, 0xF7, 9, 9, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80,
            1, 2, 3,  // a broken scan
        ]
        var block = ScanBlock()
        bytes.withUnsafeBytes { block.fill(l, from: $0) }
        #expect(block.samples == 2)
        #expect(block.counts == [[-1, 2047], [Int32.max, 5]])
        #expect(block.timestamps_ns == [1, Int64.min])
        bytes.withUnsafeBytes { block.fill(l, from: UnsafeRawBufferPointer(rebasing: $0[..<16])) }
        #expect(block.samples == 1 && block.counts == [[-1], [Int32.max]])
    }
}

@Suite("Numbers of sysfs") struct IIONumberTests {
    @Test(
        "Decimal numbers are read",
        arguments: [
            ("0", 0), ("-12", -12), ("+3", 3), ("0.100708007", 0.100708007), (".5", 0.5),
            ("5.", 5), ("1e3", 1000), ("-2.5E-3", -0.0025), ("1627", 1627), ("17\n", 17),
        ] as [(String, Double)]
    )
    func reads(_ text: String, _ value: Double) { #expect(IIONumber.double(text) == value) }

    @Test(
        "Everything else is not",
        arguments: [
            "", "\n", " 1", "1 ", "1,5", "0x10", "nan", "NaN", "inf", "-Infinity", "1e", "1e+", ".",
            "-", "1 dB", "1\n\n", "1e999", "١٢", "--1", "1.2.3",
            String(repeating: "1", count: 65),
        ]
    )
    func refuses(_ text: String) { #expect(IIONumber.double(text) == nil) }

    @Test(
        "Rates are written without an exponent",
        arguments: [
            (8000, "8000"), (0.1, "0.1"), (7812.5, "7812.5"), (1e-9, "0.000000001"),
            (999_999_999, "999999999"),
        ] as [(Double, String)]
    )
    func writes(_ value: Double, _ text: String) { #expect(decimal(value) == text) }
}
