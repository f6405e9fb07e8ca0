internal import CUHID
import Glibc
import HAL

/// A HID device that lives in this program, by the kernel's `/dev/uhid`. It is plugged in while this
/// value lives, and pulled out with it.
public struct UHIDDevice: ~Copyable {
    public enum Event: Equatable, Sendable {
        /// An interrupt report, id first.
        case output([UInt8])
        /// A feature report is wanted; `request` goes back with the reply.
        case get(request: UInt32, report: UInt8)
        /// A feature report comes, id first.
        case set(request: UInt32, report: [UInt8])
        /// Open, close, start, stop: nothing to answer.
        case other
    }
    /// For poll(2): readable where an event waits.
    public let descriptor: Int32

    /// Opens `path` and plugs a CP2112 in.
    ///
    /// - Parameter serial: tells several apart: `HID_UNIQ` in the device's uevent, and the bridge's
    ///   own serial number.
    /// - Throws: `.notPresent` without the module `uhid`, `.notPermitted` without the right to it.
    public init(path: String, serial: String) throws(BoardFault) {
        let opened = try call { open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK) }
        try self.init(owning: opened, serial: serial)
    }

    /// The same on a descriptor that speaks as `/dev/uhid` does; takes it over, also in failing.
    public init(owning opened: Int32, serial: String) throws(BoardFault) {
        do throws(BoardFault) {
            let descriptor = CP2112.descriptor
            try call {
                skerry_uhid_create(
                    opened, "Skerry bench CP2112", "skerry-bench/\(serial)", serial,
                    CP2112.vendor, CP2112.product, CP2112.release, descriptor, descriptor.count)
            }
        } catch {
            close(opened)
            throw error
        }
        descriptor = opened
    }

    /// The next event; nil where none waits.
    public func next() throws(BoardFault) -> Event? {
        var raw = skerry_uhid_event()
        do throws(BoardFault) {
            let seen = try call { skerry_uhid_next(descriptor, &raw) }
            guard seen > 0 else { throw BoardFault(.notPresent) }
        } catch {
            if error.kind == .timeout { return nil }
            throw error
        }
        switch raw.kind {
        case SKERRY_UHID_OUTPUT: return .output(bytes(of: &raw))
        case SKERRY_UHID_GET_REPORT: return .get(request: raw.id, report: raw.report)
        case SKERRY_UHID_SET_REPORT: return .set(request: raw.id, report: bytes(of: &raw))
        default: return .other
        }
    }

    private func bytes(of raw: inout skerry_uhid_event) -> [UInt8] {
        let size = Int(raw.size)
        return withUnsafeBytes(of: &raw.data) { Array($0.prefix(size)) }
    }

    /// An interrupt report to the host.
    public func send(_ report: [UInt8]) throws(BoardFault) {
        try call { skerry_uhid_input(descriptor, report, report.count) }
    }
    /// What the device says to a `get`; `.silent` says nothing.
    public func answer(get request: UInt32, _ answer: CP2112.Answer) throws(BoardFault) {
        switch answer {
        case .report(let r):
            try call { skerry_uhid_get_reply(descriptor, request, 0, r, r.count) }
        case .done, .refused:
            try call { skerry_uhid_get_reply(descriptor, request, UInt16(EIO), [], 0) }
        case .silent: break
        }
    }
    /// What the device says to a `set`.
    public func answer(set request: UInt32, _ answer: CP2112.Answer) throws(BoardFault) {
        switch answer {
        case .report, .done: try call { skerry_uhid_set_reply(descriptor, request, 0) }
        case .refused: try call { skerry_uhid_set_reply(descriptor, request, UInt16(EIO)) }
        case .silent: break
        }
    }

    /// Pulls it out while others go on: the kernel waits for every driver on top to let go, and each
    /// of them tries to say farewell to a chip that no longer answers.
    public consuming func unplugInBackground() {
        let descriptor = descriptor
        discard self
        var thread = pthread_t()
        // The argument is a place to point at: the descriptor itself, one up so that it is never nil.
        let argument = UnsafeMutableRawPointer(bitPattern: Int(descriptor) + 1)
        let failed = pthread_create(
            &thread, nil,
            { argument in
                UHIDDevice.pull(Int32(Int(bitPattern: argument) - 1))
                return nil
            }, argument)
        if failed == 0 { pthread_detach(thread) } else { UHIDDevice.pull(descriptor) }
    }
    private static func pull(_ descriptor: Int32) {
        _ = skerry_uhid_destroy(descriptor)
        close(descriptor)
    }
    deinit { UHIDDevice.pull(descriptor) }
}
