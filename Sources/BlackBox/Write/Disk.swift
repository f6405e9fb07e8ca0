/// A call to the system that failed.
public struct DiskFault: Error, Equatable, Sendable {
    public enum Operation: String, Sendable {
        case create, open, allocate, read, write, sync, rename, remove, list
    }
    public var operation: Operation
    public var name: String
    /// The system's error number.
    public var code: Int32
    public init(_ operation: Operation, _ name: String, _ code: Int32) {
        self.operation = operation
        self.name = name
        self.code = code
    }
    public var words: String { "\(name): \(operation.rawValue): \(errorWords(code))" }
}

/// What the black box asks of a file system. Names are relative to the folder of the black box; handles
/// are the disk's own numbers.
public protocol Disk: AnyObject {
    func makeFolder(_ name: String) throws(DiskFault)
    /// Opens for reading and writing; creates what is not there.
    func open(_ name: String) throws(DiskFault) -> Int32
    func close(_ handle: Int32)
    func size(_ handle: Int32) throws(DiskFault) -> Int64
    /// Makes the file exactly this long, with blocks that are really there.
    func allocate(_ handle: Int32, _ size: Int64) throws(DiskFault)
    /// Cuts the file.
    func truncate(_ handle: Int32, _ size: Int64) throws(DiskFault)
    /// - Returns: bytes read; fewer only at the end.
    func read(
        _ handle: Int32, _ memory: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(DiskFault) -> Int
    func write(
        _ handle: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(DiskFault)
    /// Returns when what was written is where no loss of power reaches it.
    func sync(_ handle: Int32) throws(DiskFault)
    /// False where the name no longer means this file: it was removed, or replaced.
    func isStill(_ handle: Int32, _ name: String) -> Bool
    func rename(_ name: String, to other: String) throws(DiskFault)
    func remove(_ name: String) throws(DiskFault)
    /// Names of the files in a folder, with their sizes.
    func list(_ folder: String) throws(DiskFault) -> [(name: String, size: Int64)]
    /// Makes creations, renames and removals in a folder last.
    func syncFolder(_ name: String) throws(DiskFault)
}
