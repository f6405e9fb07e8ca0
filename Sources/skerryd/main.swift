import BoardProfile
import Calibration
import Loop
import Station
import Switchboard
import Synchronization
import Threads

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// skerryd --config BOARD [--calibration DIR] [--check] [--ordinary]
//
// Reads a board file, its chips and its calibrations, refuses what it finds wrong, and runs the board
// until SIGTERM, SIGINT or SIGHUP. Exit codes as those of `skerry`: 0, 1, 64 (sysexits).

/// Prints to standard error, whole.
func complain(_ text: String) {
    var rest = Array((text + "\n").utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}

func end(_ text: String, _ code: Int32 = EXIT_FAILURE) -> Never {
    complain("skerryd: \(text)")
    exit(code)
}

/// What the board's file, its chips and its calibrations say, or the end with what is wrong.
private func load(_ board: String, _ calibration: String?) -> (SiteProfile, FieldRun) {
    let reading = SiteProfile.load(board)
    for problem in reading.problems { complain(problem.rendered) }
    guard let site = reading.value else { end("\(board): \(reading.errors.count) errors") }
    guard site.hardware != nil else { end("\(board): is simulated; nothing to control") }
    var switchboard = Switchboard(site)
    for refusal in switchboard.refusals { complain(refusal.rendered(reading.settings, of: site)) }
    guard switchboard.refusals.isEmpty else { end("\(board): does not fit its chips") }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var known: BoardCalibration?
    do throws(BoardSerial.Refusal) {
        known = try CalibrationStore(ifNamed: site, at: board, in: calibration).flatMap {
            BoardCalibration(site, switchboard, $0, now_s: Double(now.tv_sec))
        }
    } catch { end("\(board): \(error.message)\n  = \(error.remedy)") }
    for problem in known?.problems ?? [] { complain(problem.rendered) }
    guard known?.mayRun ?? true else { end("\(board): does not run on these calibrations") }
    if let known {
        switchboard = Switchboard(site, settings: known.settings, thermistors: known.thermistors)
    }
    guard let run = FieldRun(site, switchboard, settings: known?.settings, doors: .kernel) else {
        end("\(board): nothing on this board is controlled")
    }
    return (site, run)
}

private func hold(_ site: SiteProfile) -> BoardLock {
    do throws(BoardLock.Held) { return try BoardLock(site.name) } catch {
        end("\(site.name): process \(error.pid ?? 0) is on this board; stop it first")
    }
}

private let hasEnded = Atomic(false)

/// The loop on a thread of its own, until somebody ends it.
private func control(_ site: SiteProfile, _ run: FieldRun, realTime: Bool) {
    let lock = hold(site)
    defer { _ = lock }
    // Blocked before there is a thread, so that they wait for this one.
    var ends = sigset_t()
    sigemptyset(&ends)
    for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&ends, number) }
    pthread_sigmask(SIG_BLOCK, &ends, nil)
    do throws(SystemThread.Fault) {
        try SystemThread.start("loop", stack_B: FieldRun.stack_B) {
            run.run(until: .infinity, realTime: realTime) { granted in
                if let advice = granted.advice { complain("skerryd: \(advice)") }
            }
            hasEnded.store(true, ordering: .releasing)
        }
    } catch { end("the system made no thread (errno \(error.code))") }
    var number: Int32 = 0
    while sigwait(&ends, &number) != 0 {}
    run.stop()
    while !hasEnded.load(ordering: .acquiring) { usleep(10_000) }
    guard run.isProvedSafe else { end("a bus did not answer; its outputs are not proved at rest") }
}

private var words = CommandLine.arguments.dropFirst()
private var board: String?, calibration: String?
private var isCheck = false, isOrdinary = false
while let word = words.popFirst() {
    switch word {
    case "--config": board = words.popFirst()
    case "--calibration": calibration = words.popFirst()
    case "--check": isCheck = true
    case "--ordinary": isOrdinary = true
    default: end("\(word): is no option here", 64)
    }
}
guard let board else {
    end("usage: skerryd --config BOARD [--calibration DIR] [--check] [--ordinary]", 64)
}
private let (site, run) = load(board, calibration)
if !isCheck { control(site, run, realTime: !isOrdinary) }
