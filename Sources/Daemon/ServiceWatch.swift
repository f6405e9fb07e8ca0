import BlackBox
import BoardProfile
import Control
import LinuxBoard
import Link
import Loop
import Station
import Words

/// What the service's own thread does while the loop turns: signals, words, watchdogs.
struct ServiceWatch: ~Copyable {
    private var loaded: LoadedBoard
    private let options: ServiceOptions
    private let field: FieldRun
    private let link: LinkServer
    private let box: BlackBoxWriter?
    private let board: StatusBoard
    private let journal: Journal
    private var reader: TurnReader
    private var happened: HappenedWatch
    private var record = Record()
    private var watchdog: WatchdogDevice?
    private var lost: [String: String] = [:]
    private var pulse: UInt64 = 0
    private var isArmed = false
    private let goesOn: Bool
    private var told: [String] = []
    private var hasToldGrant = false
    private var turnsLost: UInt64 = 0
    private var troubled: String?
    private var sinceStatus_s = 0.0
    /// The longest between two looks.
    static let every_s = 0.1

    init(
        _ loaded: LoadedBoard, _ options: ServiceOptions, _ field: FieldRun, _ link: LinkServer,
        _ box: BlackBoxWriter?, _ board: StatusBoard, _ journal: Journal, goesOn: Bool
    ) {
        self.loaded = loaded
        self.options = options
        self.field = field
        self.link = link
        self.box = box
        self.board = board
        self.journal = journal
        self.goesOn = goesOn
        reader = TurnReader(field.ring, fromStart: true)
        happened = HappenedWatch(stages: loaded.site.hardwareStages.map(\.name))
    }

    /// The machine's watchdog, where the file names one. Without it the service goes on, and says so.
    mutating func openWatchdog() {
        guard let path = loaded.site.service.watchdog else { return }
        do throws(WatchdogDevice.Refusal) {
            watchdog = try WatchdogDevice(path, timeout_s: loaded.site.service.watchdog_s)
        } catch {
            journal.say(.warning, "\(error.message)\n  = \(error.remedy)")
        }
    }

    /// Until a signal asks for the end, or the loop ended by itself.
    ///
    /// - Returns: every output is proved at rest.
    mutating func untilEnd(
        _ signals: inout Signals, _ notice: inout ServiceNotice, _ thread: LoopThread
    ) -> Bool {
        while !thread.isOver {
            switch signals.next(within: Self.every_s) {
            case .end(let number):
                journal.say(.notice, "signal \(number): everything comes to rest")
                notice.stopping("everything comes to rest")
                field.stop()
                // The loop's own shut-down waits a second for each bus, and no longer.
                while !thread.isOver {
                    _ = signals.next(within: 0.02)
                    live(&notice)
                }
            case .reload: reload(&notice)
            case .none: break
            }
            look(&notice, thread)
        }
        look(&notice, thread)
        let isSafe = field.isProvedSafe
        journal.say(
            isSafe ? .notice : .error,
            isSafe
                ? "ended; outputs at rest"
                : "ended; a bus did not answer, and its outputs are not proved at rest")
        // What is not proved at rest the machine's reset brings there.
        if isSafe { watchdog?.disarm() }
        return isSafe
    }

    private mutating func look(_ notice: inout ServiceNotice, _ thread: LoopThread) {
        if !hasToldGrant, let granted = thread.granted {
            hasToldGrant = true
            if let advice = granted.advice { journal.say(.warning, advice) }
        }
        turnsLost += reader.read { turn in
            record = turn.pointee.record
            for event in happened.see(record) { journal.say(event.kind.level, event.text) }
        }
        for entry in field.log.drain().entries {
            lost[entry.part] = entry.isRecovery ? nil : entry.text
            box?.note(.part, "\(entry.part): \(entry.text)")
            journal.say(entry.isRecovery ? .notice : .warning, "\(entry.part): \(entry.text)")
        }
        for wish in link.drainAccepted().wishes {
            journal.say(.notice, wish.words)
            box?.note(.setpoints, wish.words)
        }
        let trouble = box?.status.trouble
        if trouble != troubled {
            troubled = trouble
            journal.say(
                trouble == nil ? .notice : .warning, trouble ?? "the black box records again")
        }
        phase(&notice)
        live(&notice)
        sinceStatus_s += Self.every_s
        if sinceStatus_s >= 1 {
            sinceStatus_s = 0
            let status = status(thread)
            board.show(status.text)
            if isArmed { notice.status(status.sentence) }
        }
    }

    /// What changed of where it is.
    private mutating func phase(_ notice: inout ServiceNotice) {
        switch field.phase {
        case .testing(let findings):
            if findings != told {
                told = findings
                for finding in findings { journal.say(.warning, "not armed: \(finding)") }
            }
            notice.stillStarting(
                findings.isEmpty
                    ? "looks whether its inputs are sound"
                    : "not armed: \(findings.joined(separator: "; "))", within_s: 5)
        case .armed(let remarks):
            guard !isArmed else { return }
            isArmed = true
            for remark in remarks { journal.say(.warning, "armed without: \(remark)") }
            journal.say(.notice, goesOn ? "armed: goes on where it was" : "armed")
            notice.ready("armed")
        case .ended: break
        }
    }

    /// A sign of life to whoever waits for one, for as long as the loop turns.
    private mutating func live(_ notice: inout ServiceNotice) {
        let now = field.pulse
        guard now != pulse else { return }
        pulse = now
        notice.alive()
        watchdog?.beat()
    }

    /// SIGHUP: what may change is taken, the rest is refused by name.
    private mutating func reload(_ notice: inout ServiceNotice) {
        notice.reloading(monotonic_us: UInt64(max(0, Pacer.now_ns())) / 1000)
        let reading = SiteProfile.load(options.config)
        for problem in reading.problems {
            journal.say(problem.severity == .error ? .error : .warning, problem.rendered)
        }
        if let site = reading.value {
            let changes = SettingChanges(from: loaded.values, to: reading.settings)
            for change in changes.refused {
                journal.say(.warning, "not before a restart: \(change.words)")
            }
            for change in changes.taken { journal.say(.notice, "changed: \(change.words)") }
            if changes.isEmpty { journal.say(.notice, "read again: nothing has changed") }
            if !changes.taken.isEmpty {
                loaded.site.service.link = site.service.link
                loaded.site.title = site.title
                loaded.values = SettingChanges.merged(loaded.values, reading.settings)
                link.setAccess(LinkAccess(site.service.link, journal))
            }
        } else {
            journal.say(.error, "\(options.config): nothing is changed")
        }
        notice.ready(isArmed ? "armed" : "not armed")
    }

    private func status(_ thread: LoopThread) -> ServiceStatus {
        ServiceStatus(
            loaded, phase: field.phase, record: record, ticks: field.ticks, lost: lost,
            link: link.counts, box: box?.status, granted: thread.granted, turnsUnseen: turnsLost,
            watchdog: watchdogWords)
    }
    private var watchdogWords: String {
        guard let path = loaded.site.service.watchdog else { return "none" }
        return watchdog == nil ? "\(path): not opened" : path
    }
}

extension Happened.Kind {
    fileprivate var level: Journal.Level {
        switch self {
        case .trip, .fault, .blind, .wish: .warning
        case .transition, .contactor, .loads: .notice
        }
    }
}
