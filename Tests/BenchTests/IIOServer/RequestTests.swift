import Testing

@testable import Bench

@Suite("Requests of iiod's protocol") struct RequestTests {
    private func place(
        _ owner: AttributePlace.Owner, _ attribute: String?
    ) -> AttributePlace {
        AttributePlace(device: "iio:device0", owner: owner, attribute: attribute)
    }

    @Test("What libiio sends is understood") func understood() {
        let d = "iio:device0"
        let expected: [(String, Request)] = [
            ("VERSION\r", .version), ("print", .print), ("EXIT", .exit), ("quit", .exit),
            ("", .nothing), ("\r", .nothing), ("TIMEOUT 2500\r", .timeout(ms: 2500)),
            ("READ \(d) name\r", .read(place(.device, "name"))),
            ("READ \(d) \r", .read(place(.device, nil))),
            ("READ \(d) DEBUG x", .read(place(.debug, "x"))),
            ("READ \(d) BUFFER x", .read(place(.buffer, "x"))),
            (
                "READ \(d) INPUT voltage0 raw",
                .read(place(.channel("voltage0", isOutput: false), "raw"))
            ),
            ("READ \(d) OUTPUT voltage0 ", .read(place(.channel("voltage0", isOutput: true), nil))),
            ("WRITE \(d) rate 5", .write(place(.device, "rate"), bytes: 5)),
            ("WRITE \(d)  40", .write(place(.device, nil), bytes: 40)),
            (
                "WRITE \(d) OUTPUT voltage0 raw 4",
                .write(place(.channel("voltage0", isOutput: true), "raw"), bytes: 4)
            ),
            ("GETTRIG \(d)", .getTrigger(device: d)),
            ("SETTRIG \(d)", .setTrigger(device: d, trigger: nil)),
            ("SETTRIG \(d) trigger0", .setTrigger(device: d, trigger: "trigger0")),
            (
                "OPEN \(d) 256 0000003f\r",
                .open(device: d, samples: 256, mask: [0x3F], isCyclic: false)
            ),
            (
                "OPEN \(d) 1 0000000180000000 CYCLIC",
                .open(device: d, samples: 1, mask: [0x8000_0000, 1], isCyclic: true)
            ),
            ("CLOSE \(d)", .close(device: d)),
            ("READBUF \(d) 512", .readBuffer(device: d, bytes: 512)),
            ("WRITEBUF \(d) 512", .writeBuffer(device: d, bytes: 512)),
            ("SET \(d) BUFFERS_COUNT 4\r", .setBlocks(device: d, count: 4)),
        ]
        for (line, request) in expected { #expect(Request.parse(line.utf8) == request, "\(line)") }
    }

    @Test(
        "Nothing else is",
        arguments: [
            "VERSION 1", "Version", "ZPRINT", "BINARY", "READ", "READ a b c", "READ a INPUT",
            "READ a INPUT b c d", "WRITE a", "WRITE a b c", "WRITE a b -1", "TIMEOUT", "TIMEOUT -1",
            "TIMEOUT 1e3", "TIMEOUT 9999999999999999999", "OPEN a 1", "OPEN a 1 1",
            "OPEN a 1 0000000g",
            "OPEN a 1 +0000001", "OPEN a 1 000000001", "OPEN a 1 00000001 TWICE", "READBUF a",
            "READBUF a 0x10", "READBUF a 18446744073709551617", "SET a BUFFERS_COUNT",
            "SET a LOUDER 1", "OPEN a 1 " + String(repeating: "f", count: 72), "a b c d e f g",
            "READ \u{e9} x", "READ a\0 x", "EXIT now",
        ])
    func refused(_ line: String) { #expect(Request.parse(line.utf8) == nil) }
}

@Suite("Served contexts") struct ServedTests {
    @Test(
        "Numbers are written as the kernel writes them",
        arguments: [
            (16, "16"), (0.0125, "0.012500000"), (-32768, "-32768"), (-0.5, "-0.500000000"),
            (1e-10, "0"), (-1e-10, "0"), (7812.5, "7812.500000000"),
        ] as [(Double, String)]
    )
    func numbers(_ value: Double, _ text: String) { #expect(fixedPoint(value) == text) }

    @Test("What is in a name does not break the context") func escapes() {
        let x = ServedContext(
            "a<b>&\"c\"\u{1}", devices: [ServedDevice("iio:device0", name: "<&>")]
        )
        .xml
        #expect(x.contains("description=\"a&lt;b&gt;&amp;&quot;c&quot; \""))
        #expect(x.contains("name=\"&lt;&amp;&gt;\""))
    }

    @Test("A scan is written and read back", arguments: [false, true]) func rows(_ isBig: Bool)
        throws
    {
        let formats = [
            ServedFormat(isSigned: true, bits: 12, storage: 16, shift: 4, isBigEndian: isBig),
            ServedFormat(isSigned: true, bits: 32, storage: 32, isBigEndian: isBig),
            ServedFormat(isSigned: false, bits: 7, storage: 8, shift: 1),
        ]
        let device = ServedDevice(
            "iio:device0", name: "x",
            channels: formats.enumerated().map { ServedChannel("voltage\($0)", format: $1) }
                + [.timestamp, ServedChannel("temp0")])
        let row = try #require(ScanRow(device, mask: [0b1111]))
        #expect(row.bytes == 24 && row.columns == 3)
        for counts in [[-2048, Int32.min, 0], [2047, Int32.max, 127], [-1, 0, 64]] as [[Int32]] {
            var out: [UInt8] = [7]
            counts.withUnsafeBufferPointer { row.write($0, stamp_ns: -3, to: &out) }
            #expect(out.count == 25 && row.read(out[1...]) == counts)
            #expect(Array(out[17...]) == [0xFD] + Array(repeating: 0xFF, count: 7))
        }
        #expect(ScanRow(device, mask: [0b10000]) == nil, "no scan channel")
        #expect(ScanRow(device, mask: [0]) == nil)
        #expect(ScanRow(device, mask: [1, 0]) == nil)
        #expect(ScanRow(device, mask: [1 << 31]) == nil)
        #expect(ScanRow(device, mask: [0b10])?.bytes == 4)
    }
}
