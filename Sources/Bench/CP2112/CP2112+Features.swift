// The control pipe: pins, configuration, PROM (AN495, sections 4 and 6).
extension CP2112 {
    /// Pin settings in RAM, bit 0 first.
    public struct Pins: Equatable, Sendable {
        /// 1: output.
        public internal(set) var direction: UInt8 = 0
        public internal(set) var pushPull: UInt8 = 0
        /// Clock out on pin 7 and activity lamps on pins 0 and 1; kept, never acted on.
        var special: UInt8 = 0
        var clockDivider: UInt8 = 0
        var latch: UInt8 = 0xFF

        /// Pins that source current: a relay board's pull-down beats an open drain.
        public var driven: UInt8 { direction & pushPull & latch }
    }

    struct BusConfiguration: Equatable, Sendable {
        var bytes: [UInt8] = [
            // 100 kHz; own address 0x02; no auto send; no write, read or clock-low time-out; retries 0.
            0x00, 0x01, 0x86, 0xA0, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        ]
        var autoSend: Bool { bytes[5] == 1 }
        var retries: Int { Int(bytes[11]) << 8 | Int(bytes[12]) }
    }

    /// A feature report the host asks for.
    public func get(_ id: UInt8) -> Answer {
        if fault == .silent { return .silent }
        switch id {
        case ReportID.pinConfiguration:
            return .report([id, pins.direction, pins.pushPull, pins.special, pins.clockDivider])
        case ReportID.pinLevels: return .report([id, levels])
        // Part number of a CP2112; version 3 knows repeated starts.
        case ReportID.version: return .report([id, 0x0C, 0x03])
        case ReportID.busConfiguration: return .report([id] + bus.bytes)
        default: return prom.get(id)
        }
    }

    /// A feature report the host sends, id first.
    public mutating func set(_ r: [UInt8]) -> Answer {
        if fault == .silent { return .silent }
        guard let id = r.first else { return .refused }
        switch id {
        case ReportID.reset:
            guard r.count >= 2, r[1] == 0x01 else { return .refused }
            reset()
        case ReportID.pinConfiguration:
            guard r.count >= 5 else { return .refused }
            pins.direction = r[1]
            pins.pushPull = r[2]
            pins.special = r[3]
            pins.clockDivider = r[4]
        case ReportID.setPins:
            guard r.count >= 3 else { return .refused }
            // Only outputs can be set.
            let mask = r[2] & pins.direction
            pins.latch = pins.latch & ~mask | r[1] & mask
        case ReportID.busConfiguration:
            guard r.count >= 14 else { return .refused }
            // The clock is the host's wish; nil would stop the bus and is refused.
            guard r[1] | r[2] | r[3] | r[4] != 0 else { return .refused }
            bus.bytes = Array(r[1..<14])
        default: return prom.set(r)
        }
        return .done
    }

    /// What a host reads: outputs as they are driven, inputs as the wiring says.
    var levels: UInt8 { pins.latch & pins.direction | inputs & ~pins.direction }
}
