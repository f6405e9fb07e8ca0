import Control
import Quantities

/// A controller as the bytes of its memory, so that a life can be lived again from there. The bytes mean
/// something only to a program that lays a `Controller` out alike: ``StateLayout`` tells.
public enum Checkpoint {
    /// The longest image in bytes, of a controller in which nothing is nil or zero.
    public static let mostBytes = MemoryLayout<Controller>.size + 16

    /// Why an image is no controller of this program.
    public enum Fault: Error, Equatable, Sendable {
        /// Written by a program that lays controllers out differently.
        case otherLayout(theirs: UInt64, ours: UInt64)
        /// Another number of bytes than a controller has.
        case otherSize(theirs: Int, ours: Int)
        /// Bytes are missing, or too many, or no controller can have such numbers.
        case damaged

        public var words: String {
            switch self {
            case .otherLayout:
                "the state was recorded by another build of Skerry, which keeps it differently; "
                    + "replay with the build that is named in the recording"
            case .otherSize(let theirs, let ours):
                "the state was recorded by another build of Skerry: \(theirs) bytes, here \(ours); "
                    + "replay with the build that is named in the recording"
            case .damaged: "the state is damaged; replay from the next checkpoint"
            }
        }
    }

    /// Writes the image: literal bytes and runs of zeros in turn, each by its length.
    ///
    /// - Returns: false where ``mostBytes`` are not left in `bytes`; nothing was written then.
    public static func write(_ controller: inout Controller, into bytes: inout ByteWriter) -> Bool {
        guard bytes.left >= mostBytes else { return false }
        withUnsafeBytes(of: &controller) { pack($0, into: &bytes) }
        return !bytes.isFull
    }

    /// Reads an image. The frame around it vouches for the bytes; what else can be checked is: layout,
    /// size, and that the rate is one.
    ///
    /// - Returns: nil where `controller` now is what was written; else why not, and it is unchanged.
    public static func read(
        from bytes: UnsafeRawBufferPointer, layout: StateLayout, ours: StateLayout,
        into controller: inout Controller
    ) -> Fault? {
        guard layout.size == ours.size else {
            return .otherSize(theirs: Int(layout.size), ours: Int(ours.size))
        }
        guard layout.fingerprint == ours.fingerprint else {
            return .otherLayout(theirs: layout.fingerprint, ours: ours.fingerprint)
        }
        guard unpackedSize(bytes) == MemoryLayout<Controller>.size else { return .damaged }
        let before = controller
        withUnsafeMutableBytes(of: &controller) { unpack(bytes, into: $0) }
        let rate = controller.rate.perSecond
        guard rate >= 1, rate <= 100_000 else {
            controller = before
            return .damaged
        }
        return nil
    }

    /// A run of zeros shorter than this is cheaper as it is.
    private static let shortest = 4

    static func pack(_ memory: UnsafeRawBufferPointer, into bytes: inout ByteWriter) {
        var at = 0
        while at < memory.count {
            var end = at
            var zeros = 0
            while end < memory.count && zeros < shortest {
                zeros = memory[end] == 0 ? zeros + 1 : 0
                end += 1
            }
            let literal = zeros == shortest ? end - shortest - at : end - at
            bytes.putVariable(UInt64(literal))
            bytes.put(bytes: UnsafeRawBufferPointer(rebasing: memory[at..<at + literal]))
            at += literal
            let from = at
            while at < memory.count && memory[at] == 0 { at += 1 }
            if literal > 0 || at > from { bytes.putVariable(UInt64(at - from)) }
        }
    }
    /// What the image unpacks to, in bytes; nil where it is none.
    static func unpackedSize(_ image: UnsafeRawBufferPointer) -> Int? {
        var reader = ByteReader(image)
        var size: UInt64 = 0
        while reader.left > 0 {
            let literal = reader.takeVariable()
            guard reader.isSound, literal <= UInt64(reader.left) else { return nil }
            _ = reader.takeBytes(Int(literal))
            let zeros = reader.takeVariable()
            guard reader.isSound, zeros <= 1 << 30 else { return nil }
            size += literal + zeros
            guard size <= 1 << 30 else { return nil }
        }
        return reader.isSound ? Int(size) : nil
    }
    static func unpack(
        _ image: UnsafeRawBufferPointer, into memory: UnsafeMutableRawBufferPointer
    ) {
        var reader = ByteReader(image)
        var writer = ByteWriter(memory)
        while reader.left > 0 && reader.isSound && !writer.isFull {
            writer.put(bytes: reader.takeBytes(Int(reader.takeVariable())))
            let zeros = reader.takeVariable()
            for _ in 0..<zeros { writer.put(UInt8(0)) }
        }
    }
}

/// How a program lays a controller out in memory.
public struct StateLayout: Equatable, Sendable, BitwiseCopyable {
    public var size: UInt32
    /// Of the types and names of all fields; 0 where the program cannot know (Embedded Swift).
    public var fingerprint: UInt64
    public init(size: UInt32, fingerprint: UInt64) {
        self.size = size
        self.fingerprint = fingerprint
    }
}
