// Interrupt reports: transfers and their status (AN495, section 5).
extension CP2112 {
    private static let lengths = 1...512
    private static let written = 1...61

    /// The big-endian pair at `n`.
    private func pair(_ r: [UInt8], _ n: Int) -> Int { Int(r[n]) << 8 | Int(r[n + 1]) }

    /// A transfer that is asked for: done at once on the wires, told later where the bus is slow.
    mutating func begin(_ r: [UInt8], on wires: inout some SMBus, at now_s: Double) -> Bool {
        transfer = .idle
        unsent = []
        readCount = 0
        guard r.count >= 3, r[1] & 1 == 0 else { return false }
        var sent: [UInt8] = []
        var wanted = 0
        switch r[0] {
        case ReportID.write:
            guard Self.written.contains(Int(r[2])), r.count >= 3 + Int(r[2]) else { return false }
            sent = Array(r[3..<3 + Int(r[2])])
        case ReportID.read:
            guard r.count >= 4, Self.lengths.contains(pair(r, 2)) else { return false }
            wanted = pair(r, 2)
        default:
            guard r.count >= 5, Self.lengths.contains(pair(r, 2)), (1...16).contains(r[4]),
                r.count >= 5 + Int(r[4])
            else { return false }
            wanted = pair(r, 2)
            sent = Array(r[5..<5 + Int(r[4])])
        }
        count()
        done_s = now_s
        if case .slow(let delay_s)? = fault { done_s += delay_s }
        transfer = pass(r[1] >> 1, sent, wanted, on: &wires, at: now_s)
        if case .failed = transfer { failures += 1 }
        if bus.autoSend, transfer == .complete { sendRead(wanted, at: done_s) }
        return true
    }

    private mutating func pass(
        _ address: UInt8, _ sent: [UInt8], _ wanted: Int, on wires: inout some SMBus,
        at now_s: Double
    ) -> Transfer {
        switch fault {
        case .stuckLow: return .failed(Failure.bus)
        case .arbitrationLost: return .failed(Failure.arbitration)
        // It never gets as far as the wires.
        case .busy: return .idle
        case .silent, .slow, nil: break
        }
        if !sent.isEmpty {
            switch wires.write(address, sent, at: now_s) {
            case .all: break
            case .addressRefused: return .failed(Failure.refused)
            case .dataRefused: return .failed(Failure.writeIncomplete)
            }
        }
        guard wanted > 0 else { return .complete }
        guard let bytes = wires.read(address, count: wanted, at: now_s) else {
            return .failed(Failure.refused)
        }
        unsent = bytes[...]
        readCount = bytes.count
        return .complete
    }

    /// Status 0: 0 idle, 1 busy, 2 complete, 3 error.
    mutating func tellStatus(_ r: [UInt8], at now_s: Double) -> Bool {
        guard r.count >= 2, r[1] == 0x01 else { return false }
        // Address refused: it was tried once and then as often as the host's configuration says.
        let retries = transfer == .failed(Failure.refused) ? bus.retries : 0
        var (status, why): (UInt8, UInt8) =
            switch transfer {
            case .idle: (0, 0)
            case .complete: (2, 5)
            case .failed(let why): (3, why)
            }
        if fault == .busy { (status, why) = (1, 0) }
        send(
            [ReportID.statusResponse, status, why] + bytes(retries) + bytes(readCount),
            at: max(now_s, done_s))
        return true
    }

    mutating func forceSend(_ r: [UInt8], at now_s: Double) -> Bool {
        guard r.count >= 3, Self.lengths.contains(pair(r, 1)) else { return false }
        sendRead(pair(r, 1), at: max(now_s, done_s))
        return true
    }

    /// Up to `count` bytes of what was read, 61 in a report; one empty report where nothing is left.
    private mutating func sendRead(_ count: Int, at due_s: Double) {
        var left = min(count, unsent.count)
        repeat {
            let part = unsent.prefix(min(left, 61))
            unsent = unsent.dropFirst(part.count)
            left -= part.count
            send(
                [ReportID.readResponse, transfer == .complete ? 2 : 0, UInt8(part.count)] + part,
                at: due_s)
        } while left > 0
    }

    mutating func cancel(_ r: [UInt8]) -> Bool {
        guard r.count >= 2, r[1] == 0x01 else { return false }
        transfer = .idle
        unsent = []
        readCount = 0
        done_s = 0
        dropWaiting()
        return true
    }

    private func bytes(_ n: Int) -> [UInt8] { [UInt8(n >> 8 & 0xFF), UInt8(n & 0xFF)] }
}
