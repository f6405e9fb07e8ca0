import Testing

@testable import Instruments

@Suite("SunSpec over Modbus TCP") struct SunSpecTests {
    private func open(
        _ server: ModbusServer, _ rest: String
    ) throws(InstrumentFault) -> any Instrument {
        try Reference(parsing: "sunspec://\(server.place)/1?\(rest)&timeout_s=5").open()
    }

    @Test("The map is found where it may begin", arguments: [40_000, 50_000, 0])
    func bases(base: Int) throws {
        let server = try ModbusServer(SunSpecImage.der().words, at: base)
        let meter = try open(server, "model=701&point=LNV")
        #expect(
            meter.name
                == "Maker DER-1, serial SN 7, 701.LNV in V at sunspec://\(server.place) unit 1")
        #expect(
            (meter as? any IdentifiedInstrument)?.identity
                == InstrumentIdentity(maker: "Maker", model: "DER-1", serial: "SN 7"))
        #expect(try meter.read() == InstrumentReading(230.1, resolution: 0.1))
        #expect(server.listener.accepted == 1)
    }

    @Test("Values have the sign, size and scale of their point")
    func values() throws {
        let server = try ModbusServer(SunSpecImage.der().words, at: 40_000, isIPv6: true)
        #expect(try open(server, "point=701.W").read() == InstrumentReading(-3200, resolution: 10))
        #expect(
            try open(server, "point=701.W&scale=-1").read()
                == InstrumentReading(3200, resolution: 10))
        #expect(
            try open(server, "point=701.Hz").read() == InstrumentReading(49.98, resolution: 1e-3))
        #expect(
            try open(server, "point=701.VL1L2").read() == InstrumentReading(398, resolution: 0.1))
        #expect(
            try open(server, "point=701.WL1").read() == InstrumentReading(-1070, resolution: 10))
    }

    @Test("What the device does not measure, or does not scale, is a fault and no number")
    func sentinels() throws {
        let server = try ModbusServer(SunSpecImage.der().words, at: 40_000)
        func message(_ point: String) -> String? {
            fault { () throws(InstrumentFault) in try open(server, "point=701.\(point)").read() }?
                .message
        }
        let model = "model 701 of \(server.place) unit 1"
        #expect(message("Var") == "\(model) gives no value for Var")
        #expect(message("VL3") == "\(model) gives no value for VL3")
        #expect(message("A") == "\(model) has no scale factor for A")
        let start = 40_000 + SunSpecImage.der().starts[1]
        server.set(start + 114, 11)
        #expect(message("LNV") == "\(model) has the scale factor 11 for LNV")
        server.set(start + 17, 0xFFFF, 0xFFFF)
        #expect(message("Hz") == "\(model) gives no value for Hz")
    }

    @Test("Every table reads every point of its model", arguments: SunSpecTable.models)
    func tables(model: Int) throws {
        let points = SunSpecTable.points(of: model)
        #expect(Set(points.map(\.name)).count == points.count)
        var values: [Int: UInt16] = [:]
        for (n, point) in points.enumerated() {
            #expect(point.span <= 125, "one request holds it")
            #expect(values[point.offset] == nil, "\(point.name) lies on another point")
            let number = UInt16(n + 1)
            switch point.type {
            case .int16, .uint16: values[point.offset] = number
            case .uint32: (values[point.offset], values[point.offset + 1]) = (0, number)
            case .float32:
                let bits = Float(number).bitPattern
                values[point.offset] = UInt16(bits >> 16)
                values[point.offset + 1] = UInt16(bits & 0xFFFF)
            }
        }
        for point in points {
            guard let at = point.scaleOffset else { continue }
            let power = UInt16(bitPattern: -2)
            #expect(values[at] == nil || values[at] == power, "a scale factor lies on a point")
            values[at] = power
        }
        var image = SunSpecImage()
        image.add(UInt16(model), length: 153, values)
        image.end()
        let server = try ModbusServer(image.words, at: 40_000)
        var wrong: [String] = []
        for (n, point) in points.enumerated() {
            let value = try open(server, "point=\(model).\(point.name)").read().value
            let expected = point.scaleOffset == nil ? Double(n + 1) : Double(n + 1) / 100
            if value != expected { wrong.append("\(point.name): \(value), not \(expected)") }
        }
        #expect(wrong.isEmpty)
    }

    @Test(
        "One of several models is chosen, never guessed; a missing one is named with what is there")
    func instances() throws {
        var image = SunSpecImage()
        image.add(203, length: 105, [8: 2301, 15: UInt16(bitPattern: -1)])
        image.add(203, length: 105, [8: 2302, 15: UInt16(bitPattern: -1)])
        image.add(64_001, length: 0)
        image.add(213, length: 8)
        image.end()
        let server = try ModbusServer(image.words, at: 40_000)
        #expect(try open(server, "point=203.PhVphA&instance=2").read().value == 230.2)
        func refused(_ rest: String) -> InstrumentFault? {
            fault { () throws(InstrumentFault) in try open(server, rest) }
        }
        #expect(refused("point=203.PhVphA")?.remedy == "choose one with instance=1 to instance=2")
        #expect(refused("point=203.PhVphA&instance=3")?.message.contains("2 times") == true)
        #expect(refused("point=701.W")?.message.contains("has no model 701") == true)
        #expect(refused("point=701.W")?.remedy == "it has 203, 203, 64001, 213")
        #expect(refused("point=213.W")?.message.contains("ends before W: 8 registers") == true)
    }

    @Test("A device without a marker, or with a map without end, is refused")
    func noMap() throws {
        let plain = try ModbusServer([1, 2, 3, 4], at: 40_000)
        let end = fault { () throws(InstrumentFault) in try open(plain, "point=701.W") }
        #expect(end?.message.contains("no marker at 40000, 50000, 0") == true)
        // Each request for a head gets model 7 with no registers, or with so many that the walk leaves.
        for length in [0, 60_000] as [UInt16] {
            let peer = try RawModbus { wire, request, n in
                wire.send(RawModbus.answer(request, n == 0 ? [0x5375, 0x6E53] : [7, length]))
            }
            let url = "sunspec://\(peer.place)/1?point=701.W&timeout_s=5"
            let (broken, seconds) = timed {
                fault { () throws(InstrumentFault) in try Reference(parsing: url).open() }
            }
            let expected = length == 0 ? "has no end within 128 models" : "leaves the registers"
            #expect(broken?.message.contains(expected) == true)
            #expect(seconds < 5)
        }
    }

    @Test("A map that changes under a calibration is noticed")
    func changed() throws {
        let image = SunSpecImage.der()
        let server = try ModbusServer(image.words, at: 40_000)
        let meter = try open(server, "point=701.LNV")
        #expect(try meter.read().value == 230.1)
        server.set(40_000 + image.starts[1], 702)
        let end = fault { () throws(InstrumentFault) in try meter.read() }
        #expect(end?.message.contains("is no longer where it was") == true)
    }

    @Test("A device that says nothing is left at the time-out")
    func silent() throws {
        let peer = try RawModbus { _, _, _ in true }
        let url = "sunspec://\(peer.place)/1?point=701.W&timeout_s=0.2"
        let (end, seconds) = timed {
            fault { () throws(InstrumentFault) in try Reference(parsing: url).open() }
        }
        #expect(end?.message.contains("did not answer within 0.2 s") == true)
        #expect(seconds < 5)
    }
}
