import Bench
import Glibc
import HAL
import Plant
import Testing

/// Remembers what it was told and gives back counted bytes.
private struct Recorder: SMBus {
    var written: [[UInt8]] = []
    var calls = 0
    var refuses = false
    mutating func write(_ address: UInt8, _ bytes: [UInt8], at now_s: Double) -> Wrote {
        calls += 1
        guard !refuses else { return .addressRefused }
        written.append([address] + bytes)
        return address == 0x33 ? .dataRefused : .all
    }
    mutating func read(_ address: UInt8, count: Int, at now_s: Double) -> [UInt8]? {
        refuses ? nil : (0..<count).map { UInt8($0 & 0xFF) }
    }
}

/// A bridge on somebody's desk.
private final class Desk {
    var bridge = CP2112(serial: "ONE")
    var wires = Recorder()

    /// Sends a report and takes what comes back at once.
    func ask(_ report: [UInt8], at now_s: Double = 0) -> [[UInt8]] {
        bridge.output(report, on: &wires, at: now_s)
        var all: [[UInt8]] = []
        while let r = bridge.next(at: now_s) { all.append(r) }
        return all
    }
}

@Suite("CP2112") struct CP2112Tests {
    private let desk = Desk()

    @Test("What the driver asks first: version, bus settings, lock byte")
    func probe() {
        #expect(desk.bridge.get(0x05) == .report([0x05, 0x0C, 0x03]))
        guard case .report(var settings) = desk.bridge.get(0x06) else {
            Issue.record("no bus settings")
            return
        }
        #expect(settings.count == 14)
        #expect(Array(settings[1...4]) == [0x00, 0x01, 0x86, 0xA0], "100 kHz")
        settings[13] = 1
        #expect(desk.bridge.set(settings) == .done)
        #expect(desk.bridge.get(0x06) == .report(settings))
        #expect(desk.bridge.get(0x20) == .report([0x20, 0xFF]))
        #expect(desk.bridge.get(0x7F) == .refused)
    }

    @Test("The descriptor closes every item and names each report once")
    func descriptor() {
        var ids: [UInt8] = []
        var place = 0
        let d = CP2112.descriptor
        while place < d.count {
            if d[place] == 0x85 { ids.append(d[place + 1]) }
            let size = Int(d[place] & 3)
            place += 1 + (size == 3 ? 4 : size)
        }
        #expect(place == d.count)
        #expect(d.last == 0xC0)
        #expect(
            ids.sorted() == [
                0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
                0x20, 0x21, 0x22, 0x23, 0x24,
            ])
    }

    @Test("A read of 150 bytes comes in three reports, by one force or by three")
    func multiPacket() {
        #expect(desk.ask([0x10, 0x40 << 1, 0, 150]).isEmpty)
        let status = desk.ask([0x15, 0x01])
        #expect(status.count == 1 && status[0].count == 64)
        #expect(Array(status[0][..<7]) == [0x16, 2, 5, 0, 0, 0, 150])
        var got: [UInt8] = []
        for wanted in [61, 61, 28] as [UInt8] {
            let parts = desk.ask([0x12, 0, wanted])
            #expect(parts.count == 1 && parts[0][0] == 0x13 && parts[0][2] == wanted)
            got += parts[0][3..<3 + Int(parts[0][2])]
        }
        #expect(got == (0..<150).map { UInt8($0) })
        #expect(desk.ask([0x12, 0, 1]).map { $0[2] } == [0], "nothing is left")

        _ = desk.ask([0x10, 0x40 << 1, 0x02, 0x00])
        let all = desk.ask([0x12, 0x02, 0x00])
        #expect(all.map { Int($0[2]) } == [61, 61, 61, 61, 61, 61, 61, 61, 24])
        #expect(all.flatMap { $0[3..<3 + Int($0[2])] } == (0..<512).map { UInt8($0 & 0xFF) })
    }

    @Test("Auto send gives the data without being asked")
    func autoSend() {
        guard case .report(var settings) = desk.bridge.get(0x06) else { return }
        settings[6] = 1
        #expect(desk.bridge.set(settings) == .done)
        let r = desk.ask([0x11, 0x40 << 1, 0, 2, 1, 0xFE])
        #expect(r.count == 1)
        #expect(r.first.map { Array($0[..<5]) } == [0x13, 2, 2, 0, 1])
        #expect(desk.wires.written == [[0x40, 0xFE]])
    }

    @Test("Writes reach the wires; refused addresses and bytes are told apart")
    func refusals() {
        _ = desk.ask([0x14, 0x60 << 1, 2, 0x08, 0x00])
        #expect(desk.ask([0x15, 0x01])[0][1] == 2)
        #expect(desk.wires.written == [[0x60, 0x08, 0x00]])
        _ = desk.ask([0x14, 0x33 << 1, 1, 0x00])
        #expect(Array(desk.ask([0x15, 0x01])[0][1...2]) == [3, 4])
        desk.wires.refuses = true
        _ = desk.ask([0x14, 0x60 << 1, 1, 0x00])
        #expect(Array(desk.ask([0x15, 0x01])[0][1...2]) == [3, 0])
        _ = desk.ask([0x10, 0x60 << 1, 0, 1])
        #expect(Array(desk.ask([0x15, 0x01])[0][1...2]) == [3, 0])
        #expect(desk.bridge.failures == 3 && desk.bridge.transfers == 4)
    }

    @Test(
        "A sick bus says how",
        arguments: [
            (CP2112.Fault.busy, [1, 0]), (.arbitrationLost, [3, 2]), (.stuckLow, [3, 1]),
        ] as [(CP2112.Fault, [UInt8])])
    func sickBus(fault: CP2112.Fault, status: [UInt8]) {
        desk.bridge.fault = fault
        _ = desk.ask([0x14, 0x60 << 1, 1, 0x00])
        #expect(Array(desk.ask([0x15, 0x01])[0][1...2]) == status)
        #expect(desk.wires.written.isEmpty)
        _ = desk.ask([0x17, 0x01])
        desk.bridge.fault = nil
        #expect(Array(desk.ask([0x15, 0x01])[0][1...2]) == [0, 0], "cancelled: idle")
    }

    @Test("A silent bridge answers nothing on either pipe")
    func silent() {
        desk.bridge.fault = .silent
        #expect(desk.ask([0x10, 0x40 << 1, 0, 2]).isEmpty)
        #expect(desk.ask([0x15, 0x01]).isEmpty)
        #expect(desk.bridge.get(0x03) == .silent)
        #expect(desk.bridge.set([0x04, 0xFF, 0xFF]) == .silent)
        #expect(desk.bridge.nextDue_s == nil)
    }

    @Test("A slow bus tells the status when the transfer is over")
    func slow() {
        desk.bridge.fault = .slow(0.03)
        #expect(desk.ask([0x10, 0x40 << 1, 0, 2], at: 1).isEmpty)
        #expect(desk.ask([0x15, 0x01], at: 1.001).isEmpty)
        #expect(desk.bridge.nextDue_s == 1.03)
        #expect(desk.bridge.next(at: 1.0299) == nil)
        #expect(desk.bridge.next(at: 1.03)?[1] == 2)
    }

    @Test("Only outputs are set; only push-pull outputs drive")
    func pins() {
        #expect(desk.bridge.set([0x04, 0x00, 0xFF]) == .done)
        desk.bridge.inputs = 0b1010_0000
        #expect(desk.bridge.get(0x03) == .report([0x03, 0b1010_0000]), "latches of inputs stay")
        #expect(desk.bridge.set([0x02, 0x0F, 0x07, 0x00, 0x00]) == .done)
        #expect(desk.bridge.pins.driven == 0x07, "latches come out of reset high")
        #expect(desk.bridge.set([0x04, 0x05, 0x0F]) == .done)
        #expect(desk.bridge.pins.driven == 0x05)
        #expect(desk.bridge.get(0x03) == .report([0x03, 0b1010_0101]))
        desk.bridge.reset()
        #expect(desk.bridge.pins.driven == 0)
    }

    @Test("The PROM takes each field once")
    func prom() {
        guard case .report(let serial) = desk.bridge.get(0x24) else { return }
        #expect(Array(serial[..<9]) == [0x24, 8, 3, 0x4F, 0, 0x4E, 0, 0x45, 0])
        #expect(desk.bridge.set([0x24, 4, 3, 0x32, 0]) == .done)
        #expect(desk.bridge.set([0x24, 4, 3, 0x33, 0]) == .done, "locked: no effect, no complaint")
        #expect(desk.bridge.prom.serial == "2")
        #expect(desk.bridge.get(0x20) == .report([0x20, 0x7F]))
        #expect(desk.bridge.set([0x21, 0xFF, 0xFF, 0, 0, 100, 0, 0, 0, 0x04]) == .done)
        #expect(desk.bridge.get(0x21) == .report([0x21, 0xC4, 0x10, 0x90, 0xEA, 100, 0, 1, 0, 0]))
        desk.bridge.reset()
        #expect(desk.bridge.prom.serial == "2")
    }

    @Test("Reports of random bytes neither crash nor fill it up", arguments: 0..<8 as Range<UInt64>)
    func fuzz(seed: UInt64) {
        var random = Random(seed: seed)
        let ids: [UInt8] = [
            0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
            0x20, 0x21, 0x22, 0x23, 0x24,
        ]
        var (longest, odd, refused, sent) = (0, 0, 0, 0)
        for n in 0..<20_000 {
            let now_s = Double(n) * 1e-3
            var r = (0..<Int(random.next() % 66)).map { _ in
                UInt8(truncatingIfNeeded: random.next())
            }
            if !r.isEmpty, random.unit() < 0.9 { r[0] = ids[Int(random.next() % 19)] }
            // Half of them have lengths that could be.
            if r.count > 4, random.unit() < 0.5 {
                r[1] &= 0xFE
                r[2] = UInt8(random.next() % 3)
                r[4] %= 18
            }
            if r.count > 1, random.unit() < 0.3 { r[1] = 0x01 }
            if random.unit() < 0.01 {
                let faults: [CP2112.Fault?] = [nil, .silent, .busy, .slow(0.01), .stuckLow]
                desk.bridge.fault = faults[Int(random.next() % 5)]
            }
            desk.wires.written = []
            switch random.next() % 3 {
            case 0:
                let before = desk.bridge.malformed
                desk.bridge.output(r, on: &desk.wires, at: now_s)
                refused += desk.bridge.malformed - before
            case 1: _ = desk.bridge.set(r)
            default: _ = desk.bridge.get(r.first ?? 0)
            }
            guard random.unit() < 0.3 else { continue }
            var waiting = 0
            while let report = desk.bridge.next(at: now_s) {
                waiting += 1
                if report.count != 64 { odd += 1 }
            }
            longest = max(longest, waiting)
            sent += waiting
        }
        #expect(longest <= 32 && odd == 0)
        #expect(sent > 10, "the seed must make it send")
        #expect(refused > 100, "the seed must reach the refusals")
        #expect(desk.wires.calls > 20, "the seed must reach the wires")
    }
}
