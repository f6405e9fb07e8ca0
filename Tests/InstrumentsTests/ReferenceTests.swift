import Testing

@testable import Instruments

@Suite("References as people write them") struct ReferenceTests {
    @Test("A SCPI reference, with what is not written as it stands")
    func scpi() throws {
        guard
            case .scpi(let plain) = try Reference(parsing: "scpi://10.0.0.7?query=MEAS:VOLT:DC?")
        else {
            Issue.record("not scpi")
            return
        }
        #expect(plain.place.host == "10.0.0.7" && plain.place.port == 5025 && plain.place.isLiteral)
        #expect(plain.query == "MEAS:VOLT:DC?" && plain.setUp.isEmpty && plain.field == nil)
        #expect(plain.scale == 1 && plain.asksIdentity && plain.timeout_s == 2)
        let full =
            "SCPI://dmm.lab:5555/?query=MEAS:VOLT:DC?%2010,0.001&init=*RST;;CONF:VOLT:DC;:TRIG IMM&field=2&scale=-1e-3&idn=no&timeout_s=5"
        guard case .scpi(let all) = try Reference(parsing: full) else {
            Issue.record("not scpi")
            return
        }
        #expect(all.place.description == "dmm.lab:5555" && !all.place.isLiteral)
        #expect(all.query == "MEAS:VOLT:DC? 10,0.001")
        #expect(all.setUp == ["*RST", "CONF:VOLT:DC;:TRIG IMM"])
        #expect(all.field == 2 && all.scale == -1e-3 && !all.asksIdentity && all.timeout_s == 5)
    }

    @Test("A Modbus reference") func modbus() throws {
        guard
            case .modbus(let plain) = try Reference(parsing: "modbus://[fd00::17]/1/0?type=int16"),
            case .modbus(let all) = try Reference(
                parsing:
                    "modbus://m_1.local:1502/255/65534?type=float32&order=cdab&function=input&scale=10&offset=-4.5"
            )
        else {
            Issue.record("not modbus")
            return
        }
        #expect(plain.place.description == "[fd00::17]:502" && plain.place.isLiteral)
        #expect(plain.unit == 1 && plain.register == 0 && plain.type == .int16)
        #expect(plain.order == .abcd && plain.function == .holding && plain.offset == 0)
        #expect(all.unit == 255 && all.register == 65_534 && all.order == .cdab)
        #expect(all.function == .input && all.scale == 10 && all.offset == -4.5)
    }

    @Test("A SunSpec reference, in either form") func sunSpec() throws {
        guard case .sunSpec(let a) = try Reference(parsing: "sunspec://h/1?model=701&point=LLV"),
            case .sunSpec(let b) = try Reference(parsing: "sunspec://h/1?point=701.LLV")
        else {
            Issue.record("not sunspec")
            return
        }
        #expect(a == b && a.model == 701 && a.instance == nil)
        #expect(a.point == SunSpecPoint("LLV", 15, .uint16, 114, "V"))
    }

    @Test("IIO and channels") func others() throws {
        guard case .iio(let a) = try Reference(parsing: "iio://local/ads1115/voltage0?scale=11"),
            case .iio(let b) = try Reference(parsing: "iio://ip:meter.lab/dmm%201/voltage0"),
            case .iio(let c) = try Reference(parsing: "iio://ip:[::1]:4000/d/current1")
        else {
            Issue.record("not iio")
            return
        }
        #expect(a.context == "local:" && a.device == "ads1115" && a.channel == "voltage0")
        #expect(a.scale == 11 && b.context == "ip:meter.lab:30431" && b.device == "dmm 1")
        #expect(c.context == "ip:[::1]:4000")
        #expect(try Reference(parsing: "channel:pcc.v_a") == .channel("pcc.v_a"))
    }

    /// Reference, what is wrong with it, what to write.
    private static let bad: [(String, String, String)] = [
        ("", "has no scheme", "scpi://"),
        ("10.0.0.7", "has no scheme", "modbus://"),
        ("http://h/", "scheme 'http' is unknown", "sunspec://"),
        ("file:///etc/passwd", "scheme 'file' is unknown", "iio://"),
        ("visa://h", "scheme 'visa' is unknown", "channel:"),
        ("scpi:h?query=A?", "// is missing after scpi:", "scpi://host"),
        ("scpi://?query=A?", "the host is missing", "scpi://host"),
        ("scpi://h", "query= is missing", "query=MEAS:VOLT:DC?"),
        ("scpi://h?query=", "key query is empty", "write a value"),
        ("scpi://h?query=*RST", "query=*RST asks nothing", "init="),
        ("scpi://h?qery=A?", "query= is missing", "query="),
        ("scpi://h?query=A?&scal=2", "key 'scal' is unknown to scpi", "did you mean scale?"),
        ("scpi://h?query=A?&query=B?", "key 'query' stands twice", "once"),
        ("scpi://h?query=A?&x", "'x' is no key=value", "key=value"),
        ("scpi://h?query=A?&=2", "'=2' is no key=value", "key=value"),
        ("scpi://h/x?query=A?", "a path ('x') follows the host", "?query="),
        ("scpi://h?query=A?&init=B?", "init= asks ('B?')", "leave the question out"),
        ("scpi://h?query=A?&init=B;;", "init= has an empty command", "apart by ;;"),
        ("scpi://h?query=A?&field=0", "field=0 is no whole number from 1 to 999", "digits"),
        ("scpi://h?query=A?&scale=0", "scale=0.0 leaves nothing", "another scale"),
        ("scpi://h?query=A?&scale=1,5", "scale=1,5 is no number", "plain number"),
        ("scpi://h?query=A?&scale=nan", "scale=nan is no number", "plain number"),
        ("scpi://h?query=A?&timeout_s=0", "timeout_s=0 is no number from 0.05 to 60.0", "2.0"),
        ("scpi://h?query=A?&idn=maybe", "idn=maybe is unknown", "yes, no"),
        ("scpi://h?query=A?%0A*RST", "not printable ASCII", "second command"),
        ("scpi://h?query=A?%4", "a % without two hexadecimal digits", "%25"),
        ("scpi://h?query=A?\n", "not printable ASCII", "hexadecimal"),
        ("scpi://h?query=Ä?", "not printable ASCII", "hexadecimal"),
        ("scpi://h?query=A?#x", "a fragment (#)", "%23"),
        ("scpi://me:pw@h?query=A?", "has a user's name", "leave out"),
        ("scpi://h:0?query=A?", "port '0' is no port", "1 to 65535, or none for 5025"),
        ("scpi://h:65536?query=A?", "port '65536' is no port", "5025"),
        ("scpi://h:?query=A?", "port '' is no port", "5025"),
        ("scpi://h:+80?query=A?", "port '+80' is no port", "5025"),
        ("scpi://fd00::17?query=A?", "has several colons", "IPv6 address in brackets"),
        ("scpi://[fd00::17?query=A?", "lacks its ]", "[address]:port"),
        ("scpi://[10.0.0.7]?query=A?", "'10.0.0.7' is no IPv6 address", "[fd00::17]"),
        ("scpi://[::1]5025?query=A?", "port '025' is no port", "5025"),
        ("scpi://127.1?query=A?", "'127.1' is neither an IPv4 address nor a name", "four numbers"),
        ("scpi://2130706433?query=A?", "neither an IPv4 address nor a name", "four numbers"),
        ("scpi://0x7f000001?query=A?", "neither an IPv4 address nor a name", "four numbers"),
        ("scpi://256.1.1.1?query=A?", "neither an IPv4 address nor a name", "four numbers"),
        ("scpi://-h?query=A?", "host '-h' is no host name", "letters"),
        ("scpi://a..b?query=A?", "host 'a..b' is no host name", "letters"),
        ("scpi://a b?query=A?", "host 'a b' is no host name", "letters"),
        ("scpi://a%2eb?query=A?", "is no host name", "letters"),
        ("modbus://h", "unit and register are missing", "/unit/register"),
        ("modbus://h/1?type=int16", "unit and register are missing", "/1/100"),
        ("modbus://h/1/2/3?type=int16", "unit and register are missing", "/1/100"),
        ("modbus://h/x/2?type=int16", "unit x is no whole number from 0 to 255", "digits"),
        ("modbus://h/250/2?type=int16", "unit 250 is reserved", "0 to 247, or 255"),
        ("modbus://h/1/2", "type= is missing", "float32, int16, uint16, int32, uint32, float64"),
        ("modbus://h/1/2?type=float", "type=float is unknown", "float32"),
        (
            "modbus://h/1/65535?type=float32", "'65535' is no register of float32, 0 to 65534",
            "from 0"
        ),
        ("modbus://h/1/400001?type=int16", "'400001' is no register", "is 0 with function=holding"),
        ("modbus://h/1/2?type=int16&order=bacd", "order=bacd is unknown", "abcd, cdab, badc, dcba"),
        ("modbus://h/1/2?type=int16&function=coil", "function=coil is unknown", "holding, input"),
        ("modbus://h/1/2?type=int16&query=A?", "key 'query' is unknown to modbus", "type, order"),
        ("sunspec://h", "the unit is missing", "/1"),
        ("sunspec://h/1", "point= is missing", "point=701.LLV"),
        ("sunspec://h/1?point=LLV", "model= is missing", "701"),
        ("sunspec://h/1?model=103&point=701.LLV", "the model stands twice", "point=model.point"),
        ("sunspec://h/1?model=160&point=DCV", "model '160' has no table here", "modbus://"),
        ("sunspec://h/1?model=0701&point=W", "model '0701' has no table here", "701"),
        ("sunspec://h/1?point=701.llv", "model 701 has no measurement 'llv'", "one of LLV"),
        ("sunspec://h/1?point=103.PhVA", "no measurement 'PhVA'", "PhVphA"),
        ("sunspec://h/1?point=103.TmpCab", "no measurement 'TmpCab'", "did you mean"),
        ("sunspec://h/1?point=701.W&instance=0", "instance=0 is no whole number", "digits"),
        ("iio:local/d/c", "// is missing after iio:", "iio://local"),
        ("iio://usb:1.2/d/c", "'usb:1.2' is no IIO context", "iio://ip:host/"),
        ("iio://local/d", "device and channel are missing", "iio://local/device/channel"),
        ("iio://local//c", "device and channel are missing", "iio://local/device/channel"),
        ("iio://ip:/d/c", "the host is missing", "host"),
        ("channel:", "no name of a channel", "channel:battery_voltage"),
        ("channel://x", "no name of a channel", "channel:battery_voltage"),
        ("channel:a/b", "no name of a channel", "channel:battery_voltage"),
        ("channel:a%00b", "not printable ASCII", "leave it out"),
        ("channel:a?scale=2", "key 'scale' is unknown to channel", "leave it out"),
    ]

    @Test("What is wrong is named, and what to write instead", arguments: bad)
    func refuses(_ text: String, _ what: String, _ remedy: String) throws {
        let fault = try #require(
            fault { () throws(InstrumentFault) in try Reference(parsing: text) }, "accepted")
        #expect(fault.message.hasPrefix("reference '"))
        #expect(fault.message.contains(what), "\(fault)")
        #expect(fault.remedy.contains(remedy), "\(fault)")
        #expect(fault.description.utf8.allSatisfy { $0 >= 0x20 }, "no control characters")
    }

    @Test("Length is bounded, and however a reference is mangled it is read or refused")
    func mangled() throws {
        let long = "scpi://h?query=A?" + String(repeating: "x", count: 2048)
        let end = fault { () throws(InstrumentFault) in try Reference(parsing: long) }
        #expect(end?.message.contains("longer than 2048") == true)
        let good = [
            "scpi://[fe80::1%25eth0]:5?query=A?&init=B;;C&field=1",
            "modbus://h.x/1/100?type=float32&order=cdab&scale=-1e-3",
            "sunspec://10.0.0.7/1?point=701.LLV&instance=2", "iio://ip:h/d/c?scale=2", "channel:a",
        ]
        for text in good { _ = try Reference(parsing: text) }
        var random = SplitMix(state: 4)
        var refused = 0
        for n in 0..<4000 {
            var bytes = Array(good[n % good.count].utf8)
            for _ in 0...(random.next() % 3) {
                let at = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[at] = UInt8(random.next() % 128)
                case 1: bytes.insert(UInt8(random.next() % 128), at: at)
                default: if bytes.count > 1 { bytes.remove(at: at) }
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let end = fault { () throws(InstrumentFault) in try Reference(parsing: text) }
            if let end, !end.remedy.isEmpty { refused += 1 }
        }
        #expect(refused > 1000 && refused < 4000, "\(refused) of 4000, seed 4")
    }

    @Test("A channel is read through who opens it")
    func channel() throws {
        let reference = try Reference(parsing: "channel:battery_voltage")
        let closed = fault { () throws(InstrumentFault) in try reference.open() }
        #expect(closed?.message.contains("channel battery_voltage cannot be read here") == true)
        let instrument = try reference.open { name throws(InstrumentFault) in
            guard name == "battery_voltage" else { throw InstrumentFault("who is \(name)", "none") }
            return InstrumentReading(48.1, resolution: 0.001)
        }
        #expect(instrument.name == "channel battery_voltage")
        #expect(try instrument.read() == InstrumentReading(48.1, resolution: 0.001))
        let empty = ChannelInstrument("x") { _ in InstrumentReading(.nan) }
        let nothing = fault { () throws(InstrumentFault) in try empty.read() }
        #expect(nothing?.message == "channel x reads no finite number")
    }
}
