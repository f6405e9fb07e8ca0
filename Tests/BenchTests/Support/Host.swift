import Bench
import Glibc
import HAL
import LinuxBoard

/// What a host with the driver hid-cp2112 does to a bridge, in process and in a time of its own: the
/// reports it sends, how long it waits, and what it makes of the answers.
final class Host {
    let board: VirtualBoard
    /// s; each transaction takes half a millisecond.
    var now_s = 100.0
    private static let turn_s = 0.5e-3
    /// The driver's patience with a report, and how often it asks for the status.
    private static let patience_s = 0.05
    private static let tries = 10

    init(seed: UInt64 = 1) { board = VirtualBoard(seed: seed, at: 100) }

    func wait(_ seconds: Double) { now_s += seconds }
    var truth: BenchTruth { board.truth(at: now_s) }
    @discardableResult func order(_ line: String) -> String { board.obey(line, at: now_s) }

    func send(_ report: [UInt8], to bridge: Int = 0) {
        board.output(report, to: bridge, at: now_s)
    }
    /// Sends a request and waits for the next report `id`, as the driver does: what came before the
    /// request is forgotten, what comes of another kind is not waited for.
    func ask(_ report: [UInt8], for id: UInt8, of bridge: Int = 0) throws(BoardFault) -> [UInt8] {
        while board.next(from: bridge, at: now_s) != nil {}
        send(report, to: bridge)
        let end_s = now_s + Self.patience_s
        while let due_s = board.nextDue_s, max(due_s, now_s) <= end_s {
            now_s = max(due_s, now_s)
            guard let report = board.next(from: bridge, at: now_s) else { break }
            guard report.count == 64 else { throw BoardFault(.bus, code: EPROTO) }
            if report[0] == id { return report }
        }
        now_s = end_s
        throw BoardFault(.timeout, code: ETIMEDOUT)
    }
    /// Status 0 and the bytes read, when it is over.
    func status(of bridge: Int = 0) throws(BoardFault) -> Int {
        for _ in 0..<Self.tries {
            let r = try ask([0x15, 0x01], for: 0x16, of: bridge)
            switch (r[1], r[2]) {
            case (0, _): throw BoardFault(.bus, code: EAGAIN)
            case (1, _): now_s += Self.turn_s
            case (2, _): return Int(r[5]) << 8 | Int(r[6])
            case (3, 0), (3, 1): throw BoardFault(.timeout, code: ETIMEDOUT)
            default: throw BoardFault(.bus, code: EIO)
            }
        }
        send([0x17, 0x01], to: bridge)
        throw BoardFault(.timeout, code: ETIMEDOUT)
    }

    // MARK: Pins

    /// Makes lines of `mask` outputs at `levels`, one by one as the driver does.
    func makeOutputs(_ mask: UInt8, _ levels: UInt8, of bridge: Int = 0) {
        for n in 0..<8 as Range<UInt8> where mask & 1 << n != 0 {
            guard case .report(var r) = board.get(0x02, of: bridge, at: now_s) else { continue }
            r[1] |= 1 << n
            r[2] = 0xFF
            _ = board.set(r, of: bridge, at: now_s)
            drive(1 << n, levels & 1 << n != 0, of: bridge)
        }
    }
    func drive(_ mask: UInt8, _ high: Bool, of bridge: Int = 0) {
        _ = board.set([0x04, high ? 0xFF : 0, mask], of: bridge, at: now_s)
        now_s += Self.turn_s
    }
    func levels(of bridge: Int = 0) -> UInt8? {
        guard case .report(let r) = board.get(0x03, of: bridge, at: now_s) else { return nil }
        return r[1]
    }
    /// Lets time pass with the heartbeat toggling every 10 ms.
    func live(_ seconds: Double) {
        let end_s = now_s + seconds
        var high = false
        while now_s < end_s {
            high.toggle()
            drive(1 << 3, high)
            now_s += 10e-3 - Self.turn_s
        }
    }
}

/// The bus of a bridge as drivers meet it.
final class LoopbackPort: I2CPort {
    let host: Host
    init(_ host: Host) { self.host = host }

    func transfer(
        _ address: UInt8, write bytes: [UInt8], read count: Int
    ) throws(BoardFault) -> [UInt8] {
        let to = address << 1
        let wanted = [UInt8(count >> 8), UInt8(count & 0xFF)]
        guard host.board.isPlugged(0) else { throw BoardFault(.notPresent, code: ENODEV) }
        switch (bytes.count, count) {
        case (1...61, 0): host.send([0x14, to, UInt8(bytes.count)] + bytes)
        case (0, 1...512): host.send([0x10, to] + wanted)
        case (1...16, 1...512):
            host.send([0x11, to] + wanted + [UInt8(bytes.count)] + bytes)
        default: throw BoardFault(.bus, code: EINVAL)
        }
        host.wait(0.5e-3)
        _ = try host.status()
        var got: [UInt8] = []
        while got.count < count {
            let left = min(count - got.count, 61)
            let r = try host.ask([0x12, 0, UInt8(left)], for: 0x13)
            guard r[2] > 0, r[2] <= 61 else { throw BoardFault(.bus, code: EIO) }
            got += r[3..<3 + Int(r[2])]
        }
        return got
    }
}
