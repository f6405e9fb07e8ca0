import CModbus
import Foundation
import Glibc
import Synchronization

@testable import Instruments

/// libmodbus's own server over a span of holding registers, and the same numbers as input registers,
/// each plus one.
final class ModbusServer: @unchecked Sendable {
    // Sendable is true: the registers are behind the lock.
    private let words: Mutex<[UInt16]>
    let base: Int
    private var made: Listener?
    var listener: Listener { made! }
    var place: String { "\(listener.host):\(listener.port)" }
    var isIPv6 = false

    /// - Parameters:
    ///   - words: from register `base` on.
    ///   - unit: another unit is answered as a gateway would: exception 11.
    ///   - mostQuestions: a connection is let go of after so many.
    init(
        _ words: [UInt16], at base: Int = 0, unit: UInt8 = 1, isIPv6: Bool = false,
        mostQuestions: Int = .max
    ) throws {
        self.words = Mutex(words)
        self.base = base
        let count = words.count
        made = try Listener(isIPv6: isIPv6) { [weak self] wire, _ in
            guard let context = modbus_new_tcp("127.0.0.1", 502) else { return }
            defer { modbus_free(context) }
            let mapping = modbus_mapping_new_start_address(
                0, 0, 0, 0, UInt32(base), UInt32(count), UInt32(base), UInt32(count))
            guard let mapping else { return }
            defer { modbus_mapping_free(mapping) }
            guard modbus_set_socket(context, wire.descriptor) == 0 else { return }
            var question = [UInt8](repeating: 0, count: Int(MODBUS_TCP_MAX_ADU_LENGTH))
            for _ in 0..<mostQuestions {
                let n = modbus_receive(context, &question)
                guard n >= 0, let self else { return }
                guard n > 0 else { continue }
                guard question[6] == unit else {
                    let code = UInt32(MODBUS_EXCEPTION_GATEWAY_TARGET)
                    guard modbus_reply_exception(context, question, code) >= 0 else { return }
                    continue
                }
                self.words.withLock {
                    for (k, word) in $0.enumerated() {
                        mapping.pointee.tab_registers[k] = word
                        mapping.pointee.tab_input_registers[k] = word &+ 1
                    }
                }
                guard modbus_reply(context, question, n, mapping) >= 0 else { return }
            }
        }
    }

    func set(_ register: Int, _ values: UInt16...) {
        words.withLock {
            for (n, value) in values.enumerated() { $0[register - base + n] = value }
        }
    }
}

/// A peer that has its own idea of Modbus.
struct RawModbus {
    let listener: Listener
    var place: String { "\(listener.host):\(listener.port)" }

    /// - Parameter answer: has each request of 12 bytes, and which it is from 0; false ends the connection.
    init(_ answer: @escaping @Sendable (Wire, [UInt8], Int) -> Bool) throws {
        listener = try Listener { wire, _ in
            var n = 0
            while let request = wire.bytes(12) {
                guard answer(wire, request, n) else { return }
                n += 1
            }
        }
    }

    /// The right answer to a request for registers.
    static func answer(_ request: [UInt8], _ words: [UInt16]) -> [UInt8] {
        let bytes = words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let length = UInt8(bytes.count + 3)
        return Array(request[0..<4]) + [0, length, request[6], request[7], UInt8(bytes.count)]
            + bytes
    }
}
