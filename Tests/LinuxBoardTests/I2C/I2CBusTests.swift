import Glibc
import HAL
import Testing

@testable import LinuxBoard

@Suite("A bus of the kernel") struct I2CBusTests {
    @Test("A missing adapter is not present")
    func missing() {
        #expect(throws: BoardFault(.notPresent, code: ENOENT)) {
            _ = try I2CBus(path: "/dev/i2c-of-another-world")
        }
    }

    @Test("A file that is no adapter is not present, and says why")
    func notAnAdapter() {
        #expect(throws: BoardFault(.notPresent, code: ENOTTY)) { _ = try I2CBus(path: "/dev/null") }
    }

    @Test("A folder cannot be opened for writing")
    func folder() {
        #expect(throws: BoardFault(.bus, code: EISDIR)) { _ = try I2CBus(path: "/dev") }
    }

    @Test("A refused bus leaves no file open")
    func leavesNothingOpen() throws {
        let before = try check { open("/dev/null", O_RDONLY | O_CLOEXEC) }
        close(before)
        for _ in 0..<100 { _ = try? I2CBus(path: "/dev/null") }
        // The kernel gives the lowest free number; another test may hold a few meanwhile.
        let after = try check { open("/dev/null", O_RDONLY | O_CLOEXEC) }
        close(after)
        #expect(after < before + 50)
    }

    @Test("A negative errno of libi2c becomes a fault")
    func libraryFails() throws {
        let null = try check { open("/dev/null", O_RDWR | O_CLOEXEC) }
        defer { close(null) }
        for call in [SMBusCall([], reading: 1), SMBusCall([5, 1, 2, 3], reading: 0)] {
            #expect(throws: BoardFault(.bus, code: ENOTTY)) { try call?.perform(on: null) }
        }
    }

    @Test("Shapes have SMBus names, words low byte first")
    func shapes() {
        #expect(SMBusCall([], reading: 1) == .readByte)
        #expect(SMBusCall([9], reading: 0) == .writeByte(9))
        #expect(SMBusCall([9], reading: 1) == .readByteData(command: 9))
        #expect(SMBusCall([9, 7], reading: 0) == .writeByteData(command: 9, 7))
        #expect(SMBusCall([9], reading: 2) == .readWordData(command: 9))
        #expect(SMBusCall([5, 0x0A, 0x00], reading: 0) == .writeWordData(command: 5, 0x000A))
        #expect(SMBusCall([5, 1, 2], reading: 2) == .processCall(command: 5, 0x0201))
        #expect(SMBusCall([5], reading: 4) == .readBlock(command: 5, count: 4))
        #expect(SMBusCall([5, 1, 2, 3], reading: 0) == .writeBlock(command: 5, [1, 2, 3]))
    }

    @Test(
        "Other shapes have none",
        arguments: [(0, 0), (0, 2), (0, 5), (2, 2), (2, 1), (1, 33), (34, 0), (4, 2)])
    func noName(written: Int, read: Int) {
        #expect(SMBusCall([UInt8](repeating: 1, count: written), reading: read) == nil)
    }

    @Test("Each call needs one function, and no other's")
    func needs() {
        let calls = [
            SMBusCall([], reading: 1), SMBusCall([1], reading: 0), SMBusCall([1], reading: 1),
            SMBusCall([1, 2], reading: 0), SMBusCall([1], reading: 2),
            SMBusCall([1, 2, 3], reading: 0),
            SMBusCall([1, 2, 3], reading: 2), SMBusCall([1], reading: 3),
            SMBusCall([1, 2, 3, 4], reading: 0),
        ].compactMap { $0?.needs }
        #expect(Set(calls).count == 9)
        #expect(calls.allSatisfy { $0.nonzeroBitCount == 1 })
    }
}
