import Synchronization

/// The files that were read of a folder, with their text: what a run was made from.
public final class ReadTexts: Sendable {
    private let texts = Mutex<[(path: String, bytes: [UInt8])]>([])
    public init() {}
    func note(_ path: String, _ bytes: [UInt8]) {
        texts.withLock { texts in
            if !texts.contains(where: { $0.path == path }) { texts.append((path, bytes)) }
        }
    }
    /// By their path inside the folder, in the order they were first read in.
    public var files: [(path: String, text: String)] {
        texts.withLock { $0.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) } }
    }
}
