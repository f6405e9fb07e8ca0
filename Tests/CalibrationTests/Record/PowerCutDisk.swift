import Foundation
import Synchronization

@testable import Calibration

/// A disk in memory that knows what has reached the platter: bytes by `sync(_:)` of their file, names by
/// `sync(folder:)`. Its power can be cut before or after any step; then what was not synced is lost, or
/// is there in part, as chance has it.
final class PowerCutDisk: Disk {
    /// When the power goes.
    enum Cut: Equatable { case never, before(Int), after(Int) }
    /// A step that fails while the power stays on, as a full or a worn disk does.
    enum Failure: Equatable { case none, once(Int), since(Int) }

    private enum Node: Equatable {
        case folder
        case file(Int)
    }
    private struct Change {
        var folder: String
        var remove: String?
        var add: (path: String, node: Node)?
    }
    private struct State {
        /// What programs see, and what is on the platter.
        var names: [String: Node] = [:]
        var kept: [String: Node] = [:]
        var bytes: [Int: [UInt8]] = [:]
        var keptBytes: [Int: [UInt8]] = [:]
        /// Changes of names that are not on the platter yet, oldest first.
        var pending: [Change] = []
        var nextFile = 1
        var open: [Int32: Int] = [:]
        var nextOpen: Int32 = 3
        var isLocked = false
        var steps = 0
        var cut = Cut.never
        var failure = Failure.none
        var isOff = false
        var dice = RecordDice(0)
    }
    private let state: Mutex<State>

    init() { state = Mutex(State()) }
    /// Another disk with the same on it.
    init(copying other: PowerCutDisk) { state = Mutex(other.state.withLock { $0 }) }

    /// The steps so far.
    var steps: Int { state.withLock(\.steps) }
    /// Names of files, as a program sees them.
    var files: [String] {
        state.withLock { s in s.names.filter { $0.value != .folder }.map(\.key).sorted() }
    }

    func arm(_ cut: Cut, _ failure: Failure = .none, seed: UInt64) {
        state.withLock {
            ($0.steps, $0.cut, $0.failure, $0.dice) = (0, cut, failure, RecordDice(seed))
        }
    }

    /// Power again: what was not on the platter is there or is not, each by chance.
    func restart() {
        state.withLock { s in
            var kept = s.kept
            for change in s.pending where s.dice.chance(0.5) {
                if let path = change.remove { kept[path] = nil }
                if let add = change.add { kept[add.path] = add.node }
            }
            // What stands in a folder that is not there is not there.
            func isReachable(_ path: String) -> Bool {
                let above = Self.above(path)
                return above == "." || (kept[above] == .folder && isReachable(above))
            }
            kept = kept.filter { isReachable($0.key) }
            for case .file(let id) in kept.values {
                let all = s.bytes[id] ?? [], safe = s.keptBytes[id]
                if safe == all { continue }
                // Some of it, all of it, nothing, or nothing but zeros.
                var some = Array(all.prefix(s.dice.below(all.count + 1)))
                if s.dice.chance(0.3) { some = [UInt8](repeating: 0, count: all.count) }
                s.keptBytes[id] = s.dice.chance(0.2) ? all : some
            }
            (s.kept, s.names, s.bytes) = (kept, kept, s.keptBytes)
            (s.pending, s.open, s.isLocked, s.isOff) = ([], [:], false, false)
            (s.cut, s.failure, s.steps) = (.never, .none, 0)
        }
    }

    /// The process ends, the machine goes on: nothing is lost but the lock.
    func kill() {
        state.withLock { s in
            (s.open, s.isLocked, s.isOff) = ([:], false, false)
            (s.cut, s.failure, s.steps) = (.never, .none, 0)
        }
    }

    private static func above(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// One step: `body` gets true where the power goes while it runs.
    private func step<T>(
        _ what: String, _ path: String, _ body: (inout State) -> Result<T, DiskFault>
    ) throws(DiskFault) -> T {
        let result = state.withLock { s -> Result<T, DiskFault> in
            let off = DiskFault(what: "lost its power", path: path, code: ENODEV)
            if s.isOff { return .failure(off) }
            s.steps += 1
            if s.cut == .before(s.steps) {
                s.isOff = true
                return .failure(off)
            }
            let fails =
                switch s.failure {
                case .none: false
                case .once(let n): s.steps == n
                case .since(let n): s.steps >= n
                }
            if fails { return .failure(DiskFault(what: what, path: path, code: ENOSPC)) }
            let answer = body(&s)
            if s.cut == .after(s.steps) {
                s.isOff = true
                return .failure(off)
            }
            return answer
        }
        return try result.get()
    }

    func read(_ path: String, limit: Int) throws(DiskFault) -> [UInt8]? {
        state.withLock { s in
            guard case .file(let id) = s.names[path] else { return nil }
            return Array((s.bytes[id] ?? []).prefix(limit + 1))
        }
    }

    func names(in folder: String) throws(DiskFault) -> [String] {
        state.withLock { s in
            s.names.keys.filter { Self.above($0) == folder }.map {
                String($0.dropFirst(folder.count + 1))
            }
        }
    }

    func makeFolder(_ path: String) throws(DiskFault) {
        try step("cannot be made", path) { s in
            if s.names[path] == nil {
                s.names[path] = .folder
                s.pending.append(Change(folder: Self.above(path), add: (path, .folder)))
            }
            return .success(())
        }
    }

    func create(_ path: String) throws(DiskFault) -> Int32 {
        try step("cannot be made", path) { s -> Result<Int32, DiskFault> in
            guard s.names[path] == nil, s.names[Self.above(path)] == .folder else {
                return .failure(DiskFault(what: "cannot be made", path: path, code: EEXIST))
            }
            let (id, file) = (s.nextFile, s.nextOpen)
            (s.nextFile, s.nextOpen) = (id + 1, file + 1)
            (s.names[path], s.bytes[id], s.open[file]) = (.file(id), [], id)
            s.pending.append(Change(folder: Self.above(path), add: (path, .file(id))))
            return .success(file)
        }
    }

    /// A part of what was asked, as the kernel may; a cut leaves some of that part.
    func write(_ bytes: ArraySlice<UInt8>, to file: Int32) throws(DiskFault) -> Int {
        try step("cannot be written", "") { s -> Result<Int, DiskFault> in
            guard let id = s.open[file] else {
                return .failure(DiskFault(what: "is not open", path: "", code: EBADF))
            }
            let count = s.dice.chance(0.5) ? bytes.count : 1 + s.dice.below(bytes.count)
            s.bytes[id]?.append(contentsOf: bytes.prefix(count))
            return .success(count)
        }
    }

    func sync(_ file: Int32) throws(DiskFault) {
        try step("cannot be brought to the disk", "") { s in
            if let id = s.open[file] { s.keptBytes[id] = s.bytes[id] }
            return .success(())
        }
    }

    func close(_ file: Int32) { state.withLock { $0.open[file] = nil } }

    func sync(folder: String) throws(DiskFault) {
        try step("cannot be brought to the disk", folder) { s in
            for change in s.pending where change.folder == folder {
                if let path = change.remove { s.kept[path] = nil }
                if let add = change.add { s.kept[add.path] = add.node }
            }
            s.pending.removeAll { $0.folder == folder }
            return .success(())
        }
    }

    func rename(_ path: String, to other: String) throws(DiskFault) {
        try step("cannot be put in place", other) { s -> Result<Void, DiskFault> in
            guard let node = s.names[path] else {
                return .failure(
                    DiskFault(what: "cannot be put in place", path: other, code: ENOENT))
            }
            (s.names[path], s.names[other]) = (nil, node)
            s.pending.append(
                Change(folder: Self.above(path), remove: path, add: (other, node)))
            return .success(())
        }
    }

    func remove(_ path: String) throws(DiskFault) {
        try step("cannot be removed", path) { s in
            if s.names.removeValue(forKey: path) != nil {
                s.pending.append(Change(folder: Self.above(path), remove: path))
            }
            return .success(())
        }
    }

    func lock(_ path: String) throws(DiskFault) -> Int32 {
        try step("cannot be locked", path) { s -> Result<Int32, DiskFault> in
            if s.isLocked {
                return .failure(
                    DiskFault(what: "is locked", path: path, code: EWOULDBLOCK, holder: 1))
            }
            s.isLocked = true
            return .success(1)
        }
    }

    func unlock(_ lock: Int32) { state.withLock { $0.isLocked = false } }
}
