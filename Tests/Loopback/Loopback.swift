import Bench
import BoardProfile
import HAL
import LinuxBoard
import Switchboard
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// CLOCK_MONOTONIC, ns.
public func now_ns() -> Int64 {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Int64(t.tv_sec) * 1_000_000_000 + Int64(t.tv_nsec)
}
/// CLOCK_MONOTONIC, s.
public func now_s() -> Double { Double(now_ns()) * 1e-9 }

/// The virtual board without the kernel between: what hid-cp2112 would ask of each bridge is asked
/// here, report by report.
public final class Loopback: @unchecked Sendable {
    // Sendable is true: the board is touched with the lock held.
    private let board = VirtualBoard(seed: 1, at: now_s())
    private let lock = Mutex(())

    public init() {}

    /// What `skerry bench` would answer to an order.
    public func obey(_ order: String) -> String {
        lock.withLock { _ in board.obey(order, at: now_s()) }
    }

    /// To its buses and lines.
    public var doors: Doors {
        Doors(
            bus: { _ in
                BusThread.Door(
                    place: { self.plugged(0) ? DevicePlace(node: "bridge a") : nil },
                    open: { _ in LoopbackBus(self) })
            },
            lines: { gpio, lines in
                let n = gpio.name == "relays" ? 0 : 1
                return LineThread.Door(
                    place: { self.plugged(n) ? DevicePlace(node: "bridge \(n)") : nil },
                    open: { _ in LoopbackLines(self, n, lines) })
            })
    }
    func plugged(_ n: Int) -> Bool { lock.withLock { _ in board.isPlugged(n) } }

    func get(_ id: UInt8, of n: Int) throws(BoardFault) -> [UInt8] {
        let answer = lock.withLock { _ in board.get(id, of: n, at: now_s()) }
        guard case .report(let report) = answer else { throw BoardFault(.bus, code: EIO) }
        return report
    }
    func set(_ report: [UInt8], of n: Int) throws(BoardFault) {
        let answer = lock.withLock { _ in board.set(report, of: n, at: now_s()) }
        if case .refused = answer { throw BoardFault(.bus, code: EIO) }
    }
    /// Sends reports to bridge a and answers the first that comes with `id`.
    func ask(_ reports: [[UInt8]], for id: UInt8) throws(BoardFault) -> [UInt8] {
        for _ in 0..<20 {
            let answer: [UInt8]? = lock.withLock { _ in
                for report in reports { board.output(report, to: 0, at: now_s()) }
                while let report = board.next(from: 0, at: now_s()) {
                    if report.first == id { return report }
                }
                return nil
            }
            if let answer { return answer }
            usleep(500)
        }
        throw BoardFault(.timeout, code: ETIMEDOUT)
    }
}

/// Transfers as the driver makes them: the request, its status, its data.
final class LoopbackBus: I2CPort {
    private let loop: Loopback
    init(_ loop: Loopback) { self.loop = loop }

    func transfer(_ address: UInt8, write bytes: [UInt8], read count: Int) throws(BoardFault)
        -> [UInt8]
    {
        guard loop.plugged(0) else { throw BoardFault(.notPresent, code: ENODEV) }
        let length = [UInt8(count >> 8), UInt8(count & 0xFF)]
        let request: [UInt8] =
            if count == 0 {
                [0x14, address << 1, UInt8(bytes.count)] + bytes
            } else if bytes.isEmpty {
                [0x10, address << 1] + length
            } else {
                [0x11, address << 1] + length + [UInt8(bytes.count)] + bytes
            }
        let status = try loop.ask([request, [0x15, 0x01]], for: 0x16)
        guard status[1] == 2 else { throw BoardFault(.notPresent, code: EIO) }
        var got: [UInt8] = []
        while got.count < count {
            let data = try loop.ask([[0x12] + length], for: 0x13)
            got += data[3..<3 + Int(data[2])]
        }
        return got
    }
}

final class LoopbackLines: LinePort {
    private let loop: Loopback
    private let n: Int
    private let lines: [LineProfile]

    init(_ loop: Loopback, _ n: Int, _ lines: [LineProfile]) {
        (self.loop, self.n, self.lines) = (loop, n, lines)
        let outputs = lines.filter { $0.output != nil }.reduce(UInt8(0)) {
            $0 | 1 << UInt8($1.line)
        }
        try? loop.set([0x04, 0, outputs], of: n)
        try? loop.set([0x02, outputs, outputs, 0, 0], of: n)
    }
    func drive(_ levels: UInt32) throws(BoardFault) {
        var value: UInt8 = 0, mask: UInt8 = 0
        for (bit, line) in lines.enumerated() where line.output != nil {
            mask |= 1 << UInt8(line.line)
            if levels & (1 << UInt32(bit)) != 0 { value |= 1 << UInt8(line.line) }
        }
        // The driver reports success whatever becomes of it.
        try? loop.set([0x02, mask, mask, 0, 0], of: n)
        try? loop.set([0x04, value, mask], of: n)
    }
    func levels() throws(BoardFault) -> UInt32 {
        let pins = try loop.get(0x03, of: n)[1]
        var all: UInt32 = 0
        for (bit, line) in lines.enumerated() where line.contact != nil {
            if pins & (1 << UInt8(line.line)) != 0 { all |= 1 << UInt32(bit) }
        }
        return all
    }
}
