import Glibc
import HAL

extension Bench {
    public struct Options: Sendable {
        /// The kernel's door.
        public var devicePath = "/dev/uhid"
        /// Where orders come in; see `Order`.
        public var controlPath = "/run/skerry-bench.sock"
        public var seed: UInt64 = 1
        /// SCHED_FIFO priority: above the controller's, for the plant's time must not wait for it.
        /// Where it is not permitted, the bench runs as it may. nil: not asked for.
        public var priority: Int32? = 60
        public init() {}
    }

    /// Plugs the virtual board in and answers for it until somebody orders `quit`.
    ///
    /// - Parameter ready: called once, when the devices are made and orders are heard. The drivers
    ///   bind a moment later.
    /// - Throws: `.notPresent` without the kernel's module `uhid`, `.notPermitted` without the right
    ///   to its device or to the socket's folder, `.bus` with the errno for anything else.
    public static func serve(_ options: Options = Options(), ready: () -> Void = {})
        throws(BoardFault)
    {
        if let priority = options.priority { hurry(priority) }
        try serve(options, ready: ready) { serial throws(BoardFault) in
            try UHIDDevice(path: options.devicePath, serial: serial)
        }
    }

    /// The same with devices from elsewhere.
    static func serve(
        _ options: Options, ready: () -> Void,
        device: (_ serial: String) throws(BoardFault) -> UHIDDevice
    ) throws(BoardFault) {
        let board = VirtualBoard(seed: options.seed, at: monotonic_s())
        var control = try ControlSocket(path: options.controlPath)
        let ports = (0..<board.bridgeCount).map { _ in Port() }
        var isFirst = true
        while !board.isDone {
            for (n, port) in ports.enumerated() {
                if board.isPlugged(n), port.device == nil {
                    port.device = try device(board.name(of: n).serial)
                } else if !board.isPlugged(n) {
                    port.device.take()?.unplugInBackground()
                }
            }
            if isFirst { ready() }
            isFirst = false
            let ready = wait(for: ports, control.descriptors, until: board.nextDue_s)
            board.advance(to: monotonic_s())
            for (n, port) in ports.enumerated() where ready.ports[n] {
                try port.attend(board, n)
            }
            if ready.control { control.attend { board.obey($0, at: monotonic_s()) } }
            for (n, port) in ports.enumerated() { try port.deliver(board, n) }
        }
    }

    /// Priority and locked memory, as far as permitted.
    private static func hurry(_ priority: Int32) {
        var how = sched_param()
        how.sched_priority = priority
        _ = sched_setscheduler(0, SCHED_FIFO, &how)
        _ = mlockall(Int32(MCL_CURRENT) | Int32(MCL_FUTURE))
    }

    /// The plant is brought up to date at least this often, ms.
    private static let idle_ms = 50.0

    private static func wait(
        for ports: [Port], _ control: [Int32], until due_s: Double?
    ) -> (ports: [Bool], control: Bool) {
        // poll(2) looks past a negative descriptor.
        var waiting = (ports.map(\.descriptor) + control).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let patience_ms = due_s.map { min(idle_ms, max(0, ($0 - monotonic_s()) * 1000)) }
        let timeout = Int32((patience_ms ?? idle_ms).rounded(.up))
        guard poll(&waiting, nfds_t(waiting.count), timeout) > 0 else {
            return (ports.map { _ in false }, false)
        }
        let spoke = waiting.map { $0.revents != 0 }
        return (Array(spoke[..<ports.count]), spoke[ports.count...].contains(true))
    }
}

/// A socket of the virtual USB hub, with a device in it or none.
private final class Port {
    var device: UHIDDevice?

    var descriptor: Int32 { device?.descriptor ?? -1 }

    /// Answers what has come; a queue of the kernel holds 32 events.
    func attend(_ board: VirtualBoard, _ n: Int) throws(BoardFault) {
        for _ in 0..<32 {
            guard let event = try device?.next() else { return }
            let now_s = monotonic_s()
            switch event {
            case .output(let report): board.output(report, to: n, at: now_s)
            case .get(let request, let report):
                try device?.answer(get: request, board.get(report, of: n, at: now_s))
            case .set(let request, let report):
                try device?.answer(set: request, board.set(report, of: n, at: now_s))
            case .other: break
            }
            try deliver(board, n)
        }
    }

    /// Sends what is due.
    func deliver(_ board: VirtualBoard, _ n: Int) throws(BoardFault) {
        while let report = board.next(from: n, at: monotonic_s()) { try device?.send(report) }
    }
}
