import CIIO
import Testing

@testable import LinuxBoard

/// libiio's own conversion beside ours, over every format it can say and random bytes.
@Suite("Scans beside libiio") struct ScanOracleTests {
    /// One device whose channels have the given formats, out of an XML context in memory.
    private func withDevice(
        _ formats: [String], _ body: (OpaquePointer) throws -> Void
    ) throws {
        var xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>" + Self.grammar
        xml += "<context name=\"xml\">"
        xml += "<device id=\"iio:device0\" name=\"oracle\">"
        for (n, f) in formats.enumerated() {
            let format = f.replacing(">", with: "&gt;")
            xml += "<channel id=\"voltage\(n)\" type=\"input\">"
            xml += "<scan-element index=\"\(n)\" format=\"\(format)\" /></channel>"
        }
        xml += "</device></context>"
        let context = try #require(iio_create_xml_context_mem(xml, xml.utf8.count))
        defer { iio_context_destroy(context) }
        let device = try #require(iio_context_find_device(context, "oracle"))
        for n in 0..<formats.count {
            let channel: OpaquePointer = iio_device_find_channel(device, "voltage\(n)", false)
            iio_channel_enable(channel)
        }
        try body(device)
    }

    /// libiio complains where it is missing.
    private static let grammar =
        "<!DOCTYPE context [<!ELEMENT context (device)*><!ATTLIST context name CDATA #REQUIRED>"
        + "<!ELEMENT device (channel)*><!ATTLIST device id CDATA #REQUIRED name CDATA #REQUIRED>"
        + "<!ELEMENT channel (scan-element)>"
        + "<!ATTLIST channel id CDATA #REQUIRED type CDATA #REQUIRED><!ELEMENT scan-element EMPTY>"
        + "<!ATTLIST scan-element index CDATA #REQUIRED format CDATA #REQUIRED>]>"

    private static let formats: [String] = {
        var all: [String] = []
        for storage in [8, 16, 32, 64] {
            for bits in [1, 7, 8, 12, 16, 18, 24, 31, 32] where bits <= storage {
                for shift in Set([0, 1, 4, 8, storage - bits]).sorted()
                where bits + shift <= storage {
                    for end in ["le", "be"] {
                        // A fully defined value has no bits to the right of it.
                        for sign in shift == 0 ? ["s", "u", "S", "U"] : ["s", "u"] {
                            all.append("\(end):\(sign)\(bits)/\(storage)>>\(shift)")
                        }
                    }
                }
            }
        }
        return all
    }()

    @Test("Every format gives what iio_channel_convert gives")
    func converts() throws {
        var seed: UInt64 = 2
        var first: String?
        var compared = 0
        try withDevice(Self.formats) { device in
            for (n, text) in Self.formats.enumerated() {
                let format = try #require(ScanFormat(text))
                let channel: OpaquePointer = iio_device_find_channel(device, "voltage\(n)", false)
                let told = try #require(iio_channel_get_data_format(channel)).pointee
                if Int(told.length) != format.storage || Int(told.bits) != format.bits, first == nil
                {
                    first = "\(text): libiio reads another format"
                }
                for _ in 0..<40 {
                    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    var word = format.isFullyDefined ? filled(seed, format) : seed
                    var theirs: Int64 = 0
                    iio_channel_convert(channel, &theirs, &word)
                    // They fill as many bytes as the storage has.
                    let spare = Int64(64 - format.storage)
                    theirs =
                        format.isSigned
                        ? (theirs << spare) >> spare
                        : Int64(bitPattern: UInt64(bitPattern: theirs << spare) >> UInt64(spare))
                    let layout = try #require(ScanLayout([ScanElement("a", format)]))
                    var block = ScanBlock()
                    withUnsafeBytes(of: &word) {
                        block.fill(
                            layout, from: UnsafeRawBufferPointer(rebasing: $0[..<format.bytes]))
                    }
                    compared += 1
                    if block.counts[0][0] != Int32(clamping: theirs), first == nil {
                        first = "\(text): \(block.counts[0][0]), not \(theirs)"
                    }
                }
            }
        }
        #expect(first == nil)
        #expect(compared == 40 * Self.formats.count && compared > 10_000)
    }

    /// A word as a driver that claims "fully defined" makes it: the spare bits above carry the sign
    /// or zeros, in the byte order of the format.
    private func filled(_ bits: UInt64, _ f: ScanFormat) -> UInt64 {
        let spare = UInt64(64 - f.bits)
        let value = Int64(bitPattern: bits << spare) >> Int64(spare)
        let wide =
            f.isSigned ? UInt64(bitPattern: value) : UInt64(bitPattern: value) & (~0 >> spare)
        let word = wide << UInt64(f.shift)
        return f.isBigEndian ? word.byteSwapped >> UInt64(64 - f.storage) : word
    }

    @Test(
        "A scan is as long as libiio says",
        arguments: [
            ["le:s16/16>>0", "le:s64/64>>0"], ["le:s16/16>>0", "le:s16/16>>0", "le:s16/16>>0"],
            ["le:s32/32>>0", "le:s16/16>>0", "le:s8/8>>0", "le:s64/64>>0"],
            ["le:s16/16>>0", "le:s32/32>>0"], ["be:s16/16X4>>0"],
        ])
    func strides(_ formats: [String]) throws {
        try withDevice(formats) { device in
            let elements = try formats.enumerated().map {
                ScanElement("voltage\($0)", try #require(ScanFormat($1)))
            }
            let stamped = elements.map {
                ScanElement($0.format.bits > 32 ? "timestamp" : $0.id, $0.format)
            }
            let layout = try #require(ScanLayout(stamped))
            #expect(iio_device_get_sample_size(device) == layout.stride)
        }
    }
}
