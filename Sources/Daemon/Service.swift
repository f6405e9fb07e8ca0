import BlackBox
import BoardProfile
import Control
import HAL
import LinuxBoard
import Link
import Loop
import Station
import Switchboard
import Synchronization
import Threads
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The controller as a service. It starts in this order, and ends where a step refuses:
///
/// 1. the board file, its chips, its calibrations (``LoadedBoard``)
/// 2. the board: one program at a time (`BoardLock`)
/// 3. what the last process left, where the file says that it is gone on from (`StateFile`)
/// 4. the socket and the black box
/// 5. the loop's thread: outputs known and at rest, inputs proved sound (`SelfTest`)
/// 6. armed: the controller decides, and the keeper is told (`READY=1`)
///
/// One thread, the caller's, then waits for signals, looks ten times a second at how it stands, and
/// feeds the watchdogs for as long as the loop turns. It ends in the opposite order.
public final class Service {
    let options: ServiceOptions
    let journal: Journal
    private let doors: Doors

    /// - Parameter doors: to the board's chips: `.kernel`, or a simulated board's.
    public init(_ options: ServiceOptions, doors: Doors, journal: Journal) {
        self.options = options
        self.doors = doors
        self.journal = journal
    }

    /// From start to end.
    ///
    /// - Returns: the process's exit status: 0 ended in order and proved at rest; 1 a step refused, or
    ///   outputs could not be proved at rest.
    public func run() -> Int32 {
        var signals = Signals()
        var notice = ServiceNotice(socket: options.notifySocket)
        let journal = journal
        let loaded: LoadedBoard
        do throws(LoadedBoard.Refusal) {
            loaded = try LoadedBoard(
                options.config, calibration: options.calibration, now_s: utc_s(),
                say: { journal.say($0, $1) })
        } catch { return refuse(error.text, &notice) }
        sayCalibration(loaded)
        if let asked_s = options.watchdog_s, asked_s < 5 * ServiceWatch.every_s {
            journal.say(
                .warning,
                "the keeper's watchdog waits \(asked_s) s; signs of life come every "
                    + "\(ServiceWatch.every_s) s (WatchdogSec=2)")
        }
        if options.isCheck { return EXIT_SUCCESS }
        do throws(BoardLock.Held) {
            let lock = try BoardLock(loaded.site.name)
            return control(loaded, lock, &signals, &notice)
        } catch {
            return refuse(
                "\(loaded.site.name): process \(error.pid.map(String.init) ?? "?") is on this board; "
                    + "stop it first", &notice)
        }
    }

    private func refuse(_ text: String, _ notice: inout ServiceNotice) -> Int32 {
        journal.say(.error, text)
        notice.status(text)
        return EXIT_FAILURE
    }

    /// From the board that is ours to the end.
    private func control(
        _ loaded: LoadedBoard, _ lock: borrowing BoardLock, _ signals: inout Signals,
        _ notice: inout ServiceNotice
    ) -> Int32 {
        let site = loaded.site
        var start = FieldStart(rate_Hz: site.rate_Hz)
        let wishes = WishBox()
        start.selfTest_s = site.service.selfTest_s
        start.wishes = wishes
        if site.service.blackBox.isKept { start.checkpoints = CheckpointBox(start.ring) }
        takeOver(loaded, &start)
        guard
            let field = FieldRun(
                site, loaded.switchboard, settings: loaded.settings, doors: doors, start: start)
        else { return refuse("\(site.name): nothing on this board is controlled", &notice) }
        let words = StatusBoard()
        let link: LinkServer
        do throws(LinkFault) {
            link = try LinkServer(
                linkOptions(loaded), ring: field.ring, wishes: wishes,
                status: { words.text })
            try link.start()
        } catch { return refuse(error.words, &notice) }
        defer { link.stop() }
        let box = openBlackBox(loaded, start)
        // What reading, checking and loading needed is needed no more.
        let board = loaded.switchboard
        if board.waves != nil || !board.converters.isEmpty { _ = IIOContext.libraryVersion }
        SystemMemory.giveBack()
        guard let thread = LoopThread(field, realTime: options.isRealTime) else {
            return refuse("\(site.name): the system gives no thread for the loop", &notice)
        }
        var watch = ServiceWatch(
            loaded, options, field, link, box, words, journal, goesOn: start.left != nil)
        watch.openWatchdog()
        let isSafe = watch.untilEnd(&signals, &notice, thread)
        if let box, !box.stop(note: isSafe ? "ended in order" : "ended, not proved", within: 5) {
            journal.say(.warning, "the black box could not be brought to disk within 5 s")
        }
        return isSafe ? EXIT_SUCCESS : EXIT_FAILURE
    }

    private func sayCalibration(_ loaded: LoadedBoard) {
        switch loaded.uncalibrated {
        case nil:
            journal.say(
                .warning,
                "\(loaded.site.name): has no serial number, so no calibration of it can be known "
                    + "(write calibration: with serial:)")
        case .some(let missing) where missing > 0:
            journal.say(
                .warning,
                "\(loaded.site.name): \(missing) channels are not calibrated; their limits are not "
                    + "guarded (skerry calibrate \(options.config))")
        default: break
        }
    }

    /// Opens the left state, and goes on from it where that is wanted and may be.
    private func takeOver(_ loaded: LoadedBoard, _ start: inout FieldStart) {
        makeFolder(options.runtime, 0o755)
        let path = "\(options.runtime)/\(loaded.site.name).state"
        guard loaded.site.service.restart == .takeOver else { return }
        // A machine that cannot be told from itself an hour ago is not gone on with.
        guard let boot = bootNumber() else {
            journal.say(.warning, "the kernel names no boot_id: a restart will wait")
            return
        }
        let file: StateFile
        do throws(StateFile.Fault) {
            file = try StateFile(
                path: path, layout: StateLayout.ofThisProgram().fingerprint,
                settings: loaded.digest, boot: boot)
        } catch {
            let why =
                switch error {
                case .system(let code): String(cString: strerror(code))
                case .onDisk: "is on a disk, and the loop waits for none (--runtime on tmpfs)"
                }
            journal.say(.warning, "\(path): \(why); a restart will not go on from here but wait")
            return
        }
        start.state = file
        switch file.load(
            now_ns: Pacer.boottime_ns(), within_s: loaded.site.service.takeOverWithin_s)
        {
        case .success(let left):
            start.left = left
            journal.say(.notice, "goes on at tick \(left.tick.count) where the last process ended")
        case .failure(.none): break
        case .failure(.other(let whose)):
            journal.say(.notice, "the state that was left is \(whose): it waits")
        case .failure(.tooOld(let age_s)):
            journal.say(
                .notice, "the state that was left is \(Int(age_s.rounded())) s old: it waits")
        case .failure(.tooSoon(let life_s)):
            journal.say(
                .warning,
                "the last process went on from a state and lived \(Int(life_s.rounded())) s: it waits"
            )
        }
    }

    /// Nil where none is wanted, or none can be had: control goes on without.
    private func openBlackBox(_ loaded: LoadedBoard, _ start: FieldStart) -> BlackBoxWriter? {
        guard let checkpoints = start.checkpoints else { return nil }
        let folder = "\(options.state)/\(loaded.site.name)"
        makeFolder(options.state, 0o750)
        makeFolder(folder, 0o750)
        let settings = loaded.site.blackBoxSettings
        guard
            let box = BlackBoxWriter(
                folder: folder, settings: settings,
                texts: loaded.texts(isNew: start.left == nil),
                ticksPerSecond: loaded.settings.rate.perSecond, ring: start.ring,
                box: checkpoints)
        else {
            let why = settings.problems.map(\.text).joined(separator: "; ")
            journal.say(
                .error,
                "\(folder): no black box is kept"
                    + (why.isEmpty
                        ? ": the board's files are longer than an eighth of it" : ": \(why)"))
            return nil
        }
        guard box.start(note: "skerryd \(ProgramVersion.text), process \(getpid())") else {
            journal.say(.error, "\(folder): no black box is kept: the system gives no thread")
            return nil
        }
        return box
    }

    private func linkOptions(_ loaded: LoadedBoard) -> LinkOptions {
        let site = loaded.site
        return LinkOptions(
            path: "\(options.runtime)/\(site.name).sock", mode: 0o666,
            access: LinkAccess(site.service.link, journal), site: site.name,
            stages: site.hardwareStages.map(\.name), rate: loaded.settings.rate,
            limits: loaded.settings.limits)
    }

    private func utc_s() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Double(now.tv_sec)
    }
    private func bootNumber() -> UInt64? {
        guard let text = readWholeFile("/proc/sys/kernel/random/boot_id"), !text.isEmpty else {
            return nil
        }
        var sum = Fnv()
        sum.mix(text)
        return sum.value
    }
}

/// How it stands, in lines, for whoever asks over the link.
final class StatusBoard: Sendable {
    private let lines = Mutex("state: starting\n")
    var text: String { lines.withLock { $0 } }
    func show(_ text: String) { lines.withLock { $0 = text } }
}

/// The loop on a thread of its own.
final class LoopThread: Sendable {
    private let hasEnded = Atomic(false)
    private let grant = Mutex<RealTime?>(nil)

    /// - Returns: nil where the system gives no thread.
    init?(_ field: FieldRun, realTime: Bool) {
        let this = self
        do throws(SystemThread.Fault) {
            try SystemThread.start("skerry-loop", stack_B: FieldRun.stack_B) {
                field.run(until: .infinity, realTime: realTime) { granted in
                    this.grant.withLock { $0 = granted }
                }
                this.hasEnded.store(true, ordering: .releasing)
            }
        } catch { return nil }
    }
    var isOver: Bool { hasEnded.load(ordering: .acquiring) }
    /// What the system granted; nil before it answered, or where nothing was asked.
    var granted: RealTime? { grant.withLock { $0 } }
}
