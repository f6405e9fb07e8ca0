import Plant

@testable import BlackBox

/// A disk in memory that forgets what was not synced when its power goes, that fills up, stalls and
/// fails as it is told.
final class FakeDisk: Disk {
    final class File {
        var data: [UInt8] = []
        var lasting: [UInt8] = []
        /// Sectors of 512 bytes that were written since the last sync.
        var unsure: Set<Int> = []
    }
    private(set) var files: [String: File] = [:]
    private var open: [Int32: (name: String, file: File)] = [:]
    private var nextHandle: Int32 = 3
    /// Every call fails with this error number while it is set; or writes alone do.
    var fault: Int32?
    var writeFault: Int32?
    private(set) var written: Int64 = 0
    private(set) var syncs = 0
    /// Blocks that were written more than once since they were synced.
    private(set) var unaligned = 0

    private func check(_ operation: DiskFault.Operation, _ name: String) throws(DiskFault) {
        if let fault { throw DiskFault(operation, name, fault) }
    }
    private func file(_ handle: Int32) throws(DiskFault) -> File {
        guard let file = open[handle]?.file else { throw DiskFault(.read, "handle", 9) }
        return file
    }
    func makeFolder(_ name: String) throws(DiskFault) { try check(.create, name) }
    func open(_ name: String) throws(DiskFault) -> Int32 {
        try check(.open, name)
        let file = files[name] ?? File()
        files[name] = file
        nextHandle += 1
        open[nextHandle] = (name, file)
        return nextHandle
    }
    func close(_ handle: Int32) { open[handle] = nil }
    func size(_ handle: Int32) throws(DiskFault) -> Int64 {
        try check(.read, "size")
        return Int64(try file(handle).data.count)
    }
    func allocate(_ handle: Int32, _ size: Int64) throws(DiskFault) {
        try check(.allocate, "")
        if let writeFault { throw DiskFault(.allocate, "", writeFault) }
        let file = try file(handle)
        file.data += [UInt8](repeating: 0, count: max(0, Int(size) - file.data.count))
        file.lasting += [UInt8](repeating: 0, count: max(0, Int(size) - file.lasting.count))
    }
    func truncate(_ handle: Int32, _ size: Int64) throws(DiskFault) {
        try check(.allocate, "")
        let file = try file(handle)
        file.data.removeLast(max(0, file.data.count - Int(size)))
        file.lasting.removeLast(max(0, file.lasting.count - Int(size)))
    }
    func read(
        _ handle: Int32, _ memory: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(DiskFault) -> Int {
        try check(.read, "")
        let data = try file(handle).data
        let from = min(Int(offset), data.count)
        let count = min(memory.count, data.count - from)
        data.withUnsafeBytes {
            memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[from..<from + count]))
        }
        return count
    }
    func write(
        _ handle: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int64
    ) throws(DiskFault) {
        try check(.write, "")
        if let writeFault { throw DiskFault(.write, "", writeFault) }
        let file = try file(handle)
        if offset % 4096 != 0 || bytes.count % 4096 != 0 { unaligned += 1 }
        let end = Int(offset) + bytes.count
        if file.data.count < end {
            file.data += [UInt8](repeating: 0, count: end - file.data.count)
        }
        Self.copy(bytes, into: &file.data, at: Int(offset))
        for sector in Int(offset) / 512..<(end + 511) / 512 { file.unsure.insert(sector) }
        written += Int64(bytes.count)
    }
    func sync(_ handle: Int32) throws(DiskFault) {
        try check(.sync, "")
        if let writeFault { throw DiskFault(.sync, "", writeFault) }
        let file = try file(handle)
        syncs += 1
        for sector in file.unsure { keep(sector, of: file) }
        file.unsure = []
    }
    private func keep(_ sector: Int, of file: File) {
        let end = min((sector + 1) * 512, file.data.count)
        if file.lasting.count < end {
            file.lasting += [UInt8](repeating: 0, count: end - file.lasting.count)
        }
        file.data.withUnsafeBytes {
            Self.copy(
                UnsafeRawBufferPointer(rebasing: $0[sector * 512..<end]), into: &file.lasting,
                at: sector * 512)
        }
    }
    private static func copy(_ bytes: UnsafeRawBufferPointer, into data: inout [UInt8], at: Int) {
        data.withUnsafeMutableBytes {
            UnsafeMutableRawBufferPointer(rebasing: $0[at..<at + bytes.count]).copyMemory(
                from: bytes)
        }
    }
    /// Puts bytes there as somebody else would.
    func fill(_ handle: Int32, _ bytes: [UInt8]) throws(DiskFault) {
        let file = try file(handle)
        file.data = bytes
        file.lasting = bytes
    }
    /// Each sector that was not synced is there or not.
    func losePower(_ random: inout Random) {
        open = [:]
        for file in files.values.map({ $0 }) {
            for sector in file.unsure.sorted() where random.next() % 2 == 0 {
                keep(sector, of: file)
            }
            file.data = file.lasting
            file.unsure = []
        }
    }
    func isStill(_ handle: Int32, _ name: String) -> Bool { files[name] === open[handle]?.file }
    func rename(_ name: String, to other: String) throws(DiskFault) {
        try check(.rename, name)
        files[other] = files[name]
        files[name] = nil
    }
    func remove(_ name: String) throws(DiskFault) {
        try check(.remove, name)
        files[name] = nil
    }
    func list(_ folder: String) throws(DiskFault) -> [(name: String, size: Int64)] {
        try check(.list, folder)
        return files.filter { $0.key.hasPrefix(folder + "/") }.map {
            (String($0.key.dropFirst(folder.count + 1)), Int64($0.value.data.count))
        }
    }
    func syncFolder(_ name: String) throws(DiskFault) { try check(.sync, name) }
}
