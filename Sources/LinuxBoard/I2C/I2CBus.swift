import CI2C
import Glibc
import HAL
import Quantities
import Synchronization

/// One adapter of the kernel, `/dev/i2c-N`, owned from `init` to `deinit`.
///
/// Where the adapter offers plain transfers (I2C_FUNC_I2C) a transfer is one I2C_RDWR; where it
/// knows SMBus alone, the shapes that have an SMBus name go by that name and others are refused
/// with EOPNOTSUPP. An address that a kernel driver holds is refused with EBUSY: two drivers on one
/// chip undo each other's settings. Numbers change when a bridge is unplugged and plugged in again:
/// find the path by its parent, and open a new bus for it.
///
/// Threads may share a bus; their transfers go one after the other.
public final class I2CBus: I2CPort, Sendable {
    public let path: String
    /// What the adapter says it can do: I2C_FUNC_ bits of linux/i2c.h.
    public let functions: UInt
    private let file: CInt
    /// SMBus calls talk to the address chosen last, so choosing and calling must not be parted.
    private let turn = Mutex(())

    /// - Parameters:
    ///   - path: `/dev/i2c-1`.
    ///   - timeout: how long the adapter waits for a slow chip, 10 ms ... 10 s in steps of 10 ms.
    ///     It holds for everybody who uses the adapter, and some drivers have their own.
    ///   - retries: how often it tries again after a lost arbitration, 0 ... 10.
    /// - Throws: `.notPresent` where the path does not exist or is no I²C adapter, `.notPermitted`.
    public init(
        path: String, timeout: Seconds = Seconds(0.1), retries: UInt = 1
    ) throws(BoardFault) {
        precondition(timeout.value >= 0.01 && timeout.value <= 10, "timeout is 10 ms ... 10 s")
        precondition(retries <= 10, "retries are 0 ... 10")
        let file = try check { open(path, O_RDWR | O_CLOEXEC) }
        var functions: CUnsignedLong = 0
        do {
            try check(.notPresent) { skerry_i2c_functions(file, &functions) }
            try check {
                skerry_i2c_set_timeout(file, CUnsignedLong((timeout.value * 100).rounded()))
            }
            try check { skerry_i2c_set_retries(file, CUnsignedLong(retries)) }
        } catch {
            close(file)
            throw error
        }
        self.path = path
        self.functions = functions
        self.file = file
    }

    deinit { close(file) }

    public func transfer(
        _ address: UInt8, write bytes: [UInt8], read count: Int
    ) throws(BoardFault) -> [UInt8] {
        precondition((0x08...0x77).contains(address), "seven-bit addresses are 0x08 ... 0x77")
        precondition(bytes.count <= 64 && (0...64).contains(count), "0 ... 64 bytes each way")
        return try turn.withLock { (_) throws(BoardFault) -> [UInt8] in
            try check(.notPermitted) { skerry_i2c_choose(file, address) }
            return functions & UInt(I2C_FUNC_I2C) != 0
                ? try plain(address, bytes, count) : try smbus(bytes, count)
        }
    }

    private func plain(
        _ address: UInt8, _ bytes: [UInt8], _ count: Int
    ) throws(BoardFault) -> [UInt8] {
        guard !bytes.isEmpty || count > 0 else { throw .unsupported }
        var answer = [UInt8](repeating: 0, count: count)
        try check {
            skerry_i2c_transfer(file, address, bytes, UInt16(bytes.count), &answer, UInt16(count))
        }
        return answer
    }

    private func smbus(_ bytes: [UInt8], _ count: Int) throws(BoardFault) -> [UInt8] {
        guard let call = SMBusCall(bytes, reading: count),
            functions & call.needs == call.needs
        else { throw .unsupported }
        return try call.perform(on: file)
    }
}
