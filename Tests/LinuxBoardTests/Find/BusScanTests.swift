import Glibc
import HAL
import Testing

@testable import LinuxBoard

/// A bus that remembers how each address was asked.
private final class AskedPort: I2CPort {
    enum Way: Equatable { case quick, byte }
    var asked: [UInt8: [Way]] = [:]
    var present: Set<UInt8> = []
    var writesNothing = true
    var faults: [UInt8: BoardFault] = [:]

    func transfer(
        _ address: UInt8, write bytes: [UInt8], read count: Int
    ) throws(BoardFault) -> [UInt8] {
        if !bytes.isEmpty || count > 1 { throw BoardFault(.bus, code: EBADMSG) }
        asked[address, default: []].append(count == 0 ? .quick : .byte)
        if let fault = faults[address] { throw fault }
        if count == 0 && !writesNothing { throw BoardFault(.bus, code: EOPNOTSUPP) }
        guard present.contains(address) else { throw BoardFault(.notPresent, code: ENXIO) }
        return Array(repeating: 0, count: count)
    }
}

@Suite("BusScan") struct BusScanTests {
    @Test("Each address is asked once, and as i2cdetect asks it")
    func ways() throws {
        let port = AskedPort()
        port.present = [0x08, 0x31, 0x40, 0x57, 0x77]
        let scan = try BusScan(port, claimed: [0x48])
        #expect(scan.present == [0x08, 0x31, 0x40, 0x57, 0x77])
        #expect(scan.claimed == [0x48])
        #expect(scan.timedOut == [])
        let byte = (0x08...0x77).filter { port.asked[$0] == [.byte] }
        #expect(byte == Array(0x30...0x37) + Array(0x50...0x5F))
        #expect(port.asked.values.count { $0 == [.quick] } == 112 - 24 - 1)
        #expect(port.asked[0x48] == nil)
    }

    @Test("An adapter that cannot write nothing reads a byte everywhere")
    func fallback() throws {
        let port = AskedPort()
        port.writesNothing = false
        port.present = [0x20, 0x50]
        let scan = try BusScan(port)
        #expect(scan.present == [0x20, 0x50])
        #expect(port.asked[0x08] == [.quick, .byte])
        #expect((0x09...0x77).allSatisfy { port.asked[$0] == [.byte] })
    }

    @Test("Silence, a driver's claim and a hanging bus are told apart")
    func faults() throws {
        let port = AskedPort()
        port.present = [0x40]
        port.faults = [
            0x48: BoardFault(.bus, code: EBUSY), 0x20: BoardFault(.timeout, code: ETIMEDOUT),
            0x21: BoardFault(.bus, code: EIO),
        ]
        let scan = try BusScan(port, addresses: 0x20...0x4F)
        #expect(scan.present == [0x40])
        #expect(scan.claimed == [0x48])
        #expect(scan.timedOut == [0x20])
    }

    @Test("An adapter that goes away, or may not be used, ends the scan")
    func ends() {
        for fault in [
            BoardFault(.notPresent, code: ENODEV), BoardFault(.notPermitted, code: EACCES),
        ] {
            let port = AskedPort()
            port.faults = [0x10: fault]
            #expect(throws: fault) { _ = try BusScan(port) }
            #expect(port.asked[0x11] == nil)
        }
    }
}
