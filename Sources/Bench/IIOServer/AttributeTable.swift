import Glibc
import Synchronization

/// Reads and writes the attributes of a context for all its clients; keeps the stored ones.
final class AttributeTable: Sendable {
    private let context: ServedContext
    /// By `device/owner/attribute`.
    private let stored = Mutex<[String: String]>([:])

    init(_ context: ServedContext) { self.context = context }

    /// What the named attribute says, or an errno.
    func read(_ place: AttributePlace, _ attribute: String) -> Result<String, Errno> {
        let found: ServedAttribute
        switch find(place, attribute) {
        case .failure(let e): return .failure(e)
        case .success(let a): found = a
        }
        let text: String?
        switch found.value {
        case .fixed(let value): text = value
        case .stored(let first):
            text = stored.withLock { $0[key(place, attribute)] ?? first }
        case .live(let read), .acting(let read, _): text = read()
        }
        return text.map { .success($0) } ?? .failure(Errno(EIO))
    }

    /// Nil where it is taken.
    func write(_ place: AttributePlace, _ attribute: String, _ bytes: some Sequence<UInt8>)
        -> Errno?
    {
        let found: ServedAttribute
        switch find(place, attribute) {
        case .failure(let e): return e
        case .success(let a): found = a
        }
        var line = Array(bytes.prefix { $0 != 0 })
        if line.last == 0x0A { line.removeLast() }
        guard line.count <= 255, line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
            let text = String(validating: line, as: UTF8.self)
        else { return Errno(EINVAL) }
        switch found.value {
        case .fixed, .live: return Errno(EACCES)
        case .stored:
            stored.withLock { $0[key(place, attribute)] = text }
            return nil
        case .acting(_, let write):
            let code = write(text)
            return code == 0 ? nil : Errno(code)
        }
    }

    /// The attributes at a place, in the context's order; ENODEV where there is no such device, ENXIO
    /// where it has no such channel, as iiod answers.
    func list(_ place: AttributePlace) -> Result<[ServedAttribute], Errno> {
        guard let n = context.index(of: place.device) else { return .failure(Errno(ENODEV)) }
        let device = context.devices[n]
        switch place.owner {
        case .device: return .success(device.attributes)
        case .debug: return .success(device.debug)
        case .buffer: return .success(device.buffer)
        case .channel(let id, let isOutput):
            let found = device.channels.first { $0.id == id && $0.isOutput == isOutput }
            return found.map { .success($0.attributes) } ?? .failure(Errno(ENXIO))
        }
    }

    private func find(
        _ place: AttributePlace, _ attribute: String
    ) -> Result<ServedAttribute, Errno> {
        list(place).flatMap { all in
            all.first { $0.name == attribute }.map { .success($0) } ?? .failure(Errno(ENOENT))
        }
    }

    private func key(_ place: AttributePlace, _ attribute: String) -> String {
        let device = context.index(of: place.device) ?? 0
        switch place.owner {
        case .device: return "\(device)/\(attribute)"
        case .debug: return "\(device)/debug/\(attribute)"
        case .buffer: return "\(device)/buffer/\(attribute)"
        case .channel(let id, let isOutput): return "\(device)/\(id)/\(isOutput)/\(attribute)"
        }
    }
}

/// A Linux error number, positive.
struct Errno: Error, Equatable {
    var code: Int32
    init(_ code: Int32) { self.code = code }
}
