internal import CModbus
internal import Glibc

/// Why registers could not be read.
enum ModbusFault: Error, Equatable {
    /// The device answered, with a refusal (Modbus application protocol 1.1b3, 7).
    case exception(Int32)
    /// The answer breaks the protocol; libmodbus's number.
    case garbled(Int32)
    case wire(WireFault)

    /// Of libmodbus's errno.
    init(_ code: Int32) {
        switch code {
        case MODBUS_ENOBASE + 1...MODBUS_ENOBASE + 11: self = .exception(code - MODBUS_ENOBASE)
        case MODBUS_ENOBASE...: self = .garbled(code)
        case ETIMEDOUT: self = .wire(.timedOut)
        case EPIPE, ECONNRESET, ENOTCONN: self = .wire(.closed)
        default: self = .wire(.system(code))
        }
    }
}

/// One connection of libmodbus. The socket is ours, so that connecting has the same time-outs and
/// words as with every other meter; libmodbus sends with MSG_NOSIGNAL.
struct ModbusLink: ~Copyable {
    private let context: OpaquePointer
    /// EMBBADDATA, a macro of enumerators that Swift does not import.
    private static let badData = MODBUS_ENOBASE + 13

    init(to addresses: [SocketAddress], unit: Int, by deadline: Deadline) throws(ModbusFault) {
        // The address is never connected to.
        guard let made = modbus_new_tcp("127.0.0.1", 502) else { throw ModbusFault(errno) }
        do throws(ModbusFault) {
            try Self.checked { modbus_set_slave(made, Int32(unit)) }
            try Self.checked { modbus_set_error_recovery(made, MODBUS_ERROR_RECOVERY_NONE) }
            // With a time-out per byte a peer could go on for ever, byte by byte; without it the
            // response time-out covers the whole answer.
            try Self.checked { modbus_set_byte_timeout(made, 0, 0) }
            let socket: Int32
            do throws(WireFault) {
                socket = try TCPSocket(to: addresses, by: deadline).release()
            } catch {
                throw .wire(error)
            }
            // libmodbus waits by select, which must not see a higher descriptor.
            guard socket < FD_SETSIZE else {
                close(socket)
                throw .wire(.system(EMFILE))
            }
            do throws(ModbusFault) {
                try Self.checked { modbus_set_socket(made, socket) }
            } catch {
                close(socket)
                throw error
            }
        } catch {
            modbus_free(made)
            throw error
        }
        context = made
    }

    deinit {
        modbus_close(context)
        modbus_free(context)
    }

    /// The corresponding C functions are `modbus_read_registers` and `modbus_read_input_registers`.
    /// - Parameter count: 1 to 125.
    func registers(
        _ function: RegisterFunction, at address: Int, count: Int, by deadline: Deadline
    ) throws(ModbusFault) -> [UInt16] {
        let left = max(1, deadline.left_us)
        try Self.checked {
            modbus_set_response_timeout(
                context, UInt32(left / 1_000_000), UInt32(left % 1_000_000))
        }
        var words = [UInt16](repeating: 0, count: count)
        let got = try Self.checked {
            switch function {
            case .holding:
                modbus_read_registers(context, Int32(address), Int32(count), &words)
            case .input:
                modbus_read_input_registers(context, Int32(address), Int32(count), &words)
            }
        }
        guard got == count else { throw .garbled(Self.badData) }
        return words
    }

    /// libmodbus itself calls again after EINTR.
    @discardableResult
    private static func checked(_ body: () -> Int32) throws(ModbusFault) -> Int32 {
        let result = body()
        guard result >= 0 else { throw ModbusFault(errno) }
        return result
    }
}

extension ModbusFault {
    /// libmodbus's own words for a garbled answer.
    static func words(_ code: Int32) -> String {
        modbus_strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
