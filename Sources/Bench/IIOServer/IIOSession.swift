import Glibc

/// One client's conversation: a line in, an answer out, until EXIT or the client is gone. Every
/// failure is answered with a negative errno; a request whose data we cannot take in ends the session,
/// for nothing then says where the next request begins.
final class IIOSession {
    /// Bounds of what one client may ask us to keep.
    static let mostBlock = 4 << 20
    static let mostKept = 16 << 20
    static let mostWritten = 64 << 10

    private struct Opened {
        var row: ScanRow
        var samples: Int
        var tap: WaveFeed.Tap?
    }
    private let context: ServedContext
    private let attributes: AttributeTable
    private let feeds: [WaveFeed?]
    private let triggers: TriggerTable
    private let stream: SocketStream
    private var opened: [Int: Opened] = [:]
    private var blocks: [Int: Int] = [:]
    private let patience: Patience

    init(_ house: IIOHouse, _ stream: SocketStream) {
        context = house.context
        attributes = house.attributes
        feeds = house.feeds
        triggers = house.triggers
        patience = house.patience
        self.stream = stream
    }

    /// Runs until the client is gone.
    func run() {
        defer { for n in opened.keys.sorted() { close(n) } }
        while true {
            switch stream.readLine() {
            case .closed: return
            case .overlong: guard answer(-EINVAL) else { return }
            case .bytes(let line):
                guard let request = Request.parse(line) else {
                    guard answer(-EINVAL) else { return }
                    continue
                }
                guard handle(request) else { return }
            }
        }
    }

    /// False ends the session.
    private func handle(_ request: Request) -> Bool {
        switch request {
        case .nothing: return true
        case .exit: return false
        case .help: return stream.write(Array(Self.help.utf8))
        case .version:
            let tag = ServedContext.tag
            return text("\(ServedContext.major).\(ServedContext.minor).\(tag)\n")
        case .print:
            let xml = context.xml
            return text("\(xml.utf8.count)\n\(xml)\n")
        case .timeout(let ms):
            // Zero asks for no end; an hour is one.
            patience.timeout_s = ms == 0 || ms > 3_600_000 ? 3600 : Double(ms) / 1000
            return answer(0)
        case .read(let place): return read(place)
        case .write(let place, let bytes): return write(place, bytes)
        case .getTrigger(let device): return getTrigger(device)
        case .setTrigger(let device, let trigger):
            return answer(setTrigger(device, trigger))
        case .open(let device, let samples, let mask, let isCyclic):
            return answer(open(device, samples, mask, isCyclic))
        case .close(let device):
            guard let n = context.index(of: device) else { return answer(-ENODEV) }
            guard opened[n] != nil else { return answer(-ENXIO) }
            close(n)
            return answer(0)
        case .readBuffer(let device, let bytes): return readBuffer(device, bytes)
        case .writeBuffer(let device, let bytes): return writeBuffer(device, bytes)
        case .setBlocks(let device, let count):
            guard let n = context.index(of: device) else { return answer(-ENODEV) }
            guard (1...64).contains(count) else { return answer(-EINVAL) }
            blocks[n] = count
            return answer(0)
        }
    }

    private func answer(_ code: Int32) -> Bool { text("\(code)\n") }
    private func text(_ t: String) -> Bool { stream.write(Array(t.utf8)) }

    private static let help = """
        Available commands:
        HELP, EXIT, VERSION, PRINT, TIMEOUT <ms>
        READ, WRITE, GETTRIG, SETTRIG, OPEN, CLOSE, READBUF, WRITEBUF, SET <device> BUFFERS_COUNT

        """
}

// Attributes. A value goes out with the NUL that ends it, as the kernel's newline becomes one.
extension IIOSession {
    private func read(_ place: AttributePlace) -> Bool {
        if let name = place.attribute {
            switch attributes.read(place, name) {
            case .failure(let e): return answer(-e.code)
            case .success(let value): return text("\(value.utf8.count + 1)\n\(value)\0\n")
            }
        }
        let list: [ServedAttribute]
        switch attributes.list(place) {
        case .failure(let e): return answer(-e.code)
        case .success(let all): list = all
        }
        // All of them: a signed length in network order, then the value, filled up to four bytes.
        var block: [UInt8] = []
        for a in list {
            switch attributes.read(place, a.name) {
            case .failure(let e): block += bytes(of: -e.code)
            case .success(let value):
                block += bytes(of: Int32(value.utf8.count + 1)) + Array(value.utf8) + [0]
                while block.count % 4 != 0 { block.append(0) }
            }
        }
        return stream.write(Array("\(block.count)\n".utf8) + block + [0x0A])
    }

    private func write(_ place: AttributePlace, _ count: Int) -> Bool {
        guard count > 0, count <= Self.mostWritten else {
            _ = answer(count == 0 ? -EINVAL : -EMSGSIZE)
            return count == 0
        }
        guard let data = stream.read(count) else { return false }
        if let name = place.attribute {
            return answer(attributes.write(place, name, data).map { -$0.code } ?? Int32(count))
        }
        let list: [ServedAttribute]
        switch attributes.list(place) {
        case .failure(let e): return answer(-e.code)
        case .success(let all): list = all
        }
        var rest = data[...]
        for a in list {
            guard rest.count >= 4 else { return answer(-EINVAL) }
            let n = rest.prefix(4).reduce(Int32(0)) { $0 << 8 | Int32($1) }
            rest = rest.dropFirst(4)
            if n <= 0 { continue }
            guard rest.count >= Int(n) else { return answer(-EINVAL) }
            if let e = attributes.write(place, a.name, rest.prefix(Int(n))) {
                return answer(-e.code)
            }
            rest = rest.dropFirst((Int(n) + 3) / 4 * 4)
        }
        return answer(Int32(count))
    }

    private func bytes(of n: Int32) -> [UInt8] { withUnsafeBytes(of: n.bigEndian) { Array($0) } }

    private func getTrigger(_ word: String) -> Bool {
        guard let n = context.index(of: word) else { return answer(-ENODEV) }
        guard !context.devices[n].isTrigger, feeds[n] != nil else { return answer(-ENOENT) }
        guard let t = triggers.of(n) else { return answer(0) }
        let name = context.devices[t].name
        return text("\(name.utf8.count)\n\(name)\n")
    }

    private func setTrigger(_ word: String, _ trigger: String?) -> Int32 {
        guard let n = context.index(of: word) else { return -ENODEV }
        guard feeds[n] != nil else { return -ENOENT }
        guard let trigger else {
            triggers.set(n, nil)
            return 0
        }
        guard let t = context.index(of: trigger), context.devices[t].isTrigger else {
            return -ENOENT
        }
        guard opened[n] == nil else { return -EBUSY }
        triggers.set(n, t)
        return 0
    }
}

// Buffers.
extension IIOSession {
    private func open(_ word: String, _ samples: Int, _ mask: [UInt32], _ isCyclic: Bool) -> Int32 {
        guard let n = context.index(of: word) else { return -ENODEV }
        let device = context.devices[n]
        guard opened[n] == nil else { return -EBUSY }
        guard feeds[n] != nil || device.sink != nil else { return -EINVAL }
        guard let row = ScanRow(device, mask: mask), samples > 0 else { return -EINVAL }
        let (block, isHuge) = samples.multipliedReportingOverflow(by: row.bytes)
        guard !isHuge, block <= Self.mostBlock else { return -ENOMEM }
        guard let feed = feeds[n], let source = device.source else {
            guard !isCyclic else { return -EINVAL }
            opened[n] = Opened(row: row, samples: samples)
            return 0
        }
        guard !isCyclic, let every = decimation(n, source.rate_Hz) else { return -EINVAL }
        // A row in a tap: counts of all columns and a time.
        let most = Self.mostKept / (4 * source.columns + 8)
        let kept = max(samples, min(samples * (blocks[n] ?? 4), most))
        opened[n] = Opened(
            row: row, samples: samples, tap: feed.open(capacity: kept, every: every))
        return 0
    }

    /// Keeps one sample of so many; nil where a trigger is missing or does not divide the rate.
    private func decimation(_ n: Int, _ rate_Hz: Double) -> Int? {
        guard let t = triggers.of(n) else { return context.devices[n].needsTrigger ? nil : 1 }
        let place = AttributePlace(device: context.devices[t].id, owner: .device)
        guard case .success(let text) = attributes.read(place, "sampling_frequency") else {
            return 1
        }
        guard let wanted = Double(text), wanted > 0, wanted <= rate_Hz else { return nil }
        let every = (rate_Hz / wanted).rounded()
        guard every <= 10_000, abs(every * wanted - rate_Hz) < 1e-6 * rate_Hz else { return nil }
        return Int(every)
    }

    private func close(_ n: Int) {
        guard let o = opened.removeValue(forKey: n) else { return }
        if let tap = o.tap { feeds[n]?.close(tap) }
    }

    /// One block after the other, each with its length before it and the first with the mask, until
    /// `bytes` are given.
    private func readBuffer(_ word: String, _ bytes: Int) -> Bool {
        guard let n = context.index(of: word) else { return answer(-ENODEV) }
        guard let o = opened[n], let tap = o.tap, let feed = feeds[n] else {
            return answer(-EBADF)
        }
        guard bytes > 0, bytes % o.row.bytes == 0 else { return answer(-EINVAL) }
        var left = bytes / o.row.bytes
        var head = o.row.mask.reversed().map { hexadecimal($0) }.joined() + "\n"
        while left > 0 {
            let count = min(left, o.samples)
            head = "\(count * o.row.bytes)\n" + head
            var out = Array(head.utf8)
            out.reserveCapacity(out.count + count * o.row.bytes)
            guard feed.take(count, from: tap, timeout_s: patience.timeout_s, as: o.row, to: &out)
            else {
                return answer(-ETIMEDOUT)
            }
            guard stream.write(out) else { return false }
            head = ""
            left -= count
        }
        return true
    }

    /// Zero, then the client's bytes, then how many they were.
    private func writeBuffer(_ word: String, _ bytes: Int) -> Bool {
        guard let n = context.index(of: word) else { return answer(-ENODEV) }
        guard let o = opened[n], o.tap == nil, let sink = context.devices[n].sink else {
            return answer(-EBADF)
        }
        guard bytes > 0, bytes % o.row.bytes == 0, bytes <= Int(Int32.max) else {
            return answer(-EINVAL)
        }
        guard answer(0) else { return false }
        var left = bytes
        let piece = max(1, Self.mostWritten / o.row.bytes) * o.row.bytes
        while left > 0 {
            guard let data = stream.read(min(left, piece)) else { return false }
            var rows: [Int32] = []
            for at in stride(from: 0, to: data.count, by: o.row.bytes) {
                rows += o.row.read(data[at..<at + o.row.bytes])
            }
            sink.take(rows, columns: o.row.columns)
            left -= data.count
        }
        return answer(Int32(bytes))
    }
}

/// Eight digits.
private func hexadecimal(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
}
