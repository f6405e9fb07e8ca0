import ArgumentParser
import BoardProfile
import Calibration
import Foundation
import LinuxBoard
import Station
import Switchboard

/// A board and where its calibrations lie.
struct BoardPlace: ParsableArguments {
    @Argument(help: "A board folder or file with hardware.", completion: .file())
    var board: String
    @Option(
        help: "The folder of calibrations; left out, calibration/ beside boards/.",
        completion: .directory)
    var calibration: String?

    /// The board as its file says, and as its chips say.
    func open() throws -> OpenBoard {
        try requireFile(board)
        let reading = SiteProfile.load(board)
        let site = try load(reading, quiet: true)
        guard site.hardware != nil else {
            complain(
                "\(board) is simulated: there is nothing to calibrate\n"
                    + "  = to practise: skerry calibrate --practice boards/bench-cp2112")
            throw ExitCode.validationFailure
        }
        return OpenBoard(
            site: site, switchboard: try resolve(site, reading.settings),
            store: try store(site, board, calibration))
    }
}

struct OpenBoard {
    var site: SiteProfile
    var switchboard: Switchboard
    var store: CalibrationStore
    var nominals: [(channel: Calibrated, nominal: Nominal)] { switchboard.nominals(of: site) }

    /// A channel by its name; ends the program where the board has none of it.
    func channel(_ key: String) throws -> (channel: Calibrated, nominal: Nominal) {
        // A coupling's channels may be said with its name: pcc.grid_a.
        let bare = key.split(separator: ".").last.map(String.init) ?? key
        if let found = nominals.first(where: { $0.channel.key == bare }) { return found }
        let known = nominals.map(\.channel.key)
        let near = nearest(bare, in: known).map { "write \($0)" } ?? known.joined(separator: ", ")
        complain("--channel \(key): this board has no such channel\n  = \(near)")
        throw ExitCode.validationFailure
    }
}

/// The calibrations of the board this program runs on.
func store(_ site: SiteProfile, _ board: String, _ folder: String?) throws -> CalibrationStore {
    do throws(BoardSerial.Refusal) {
        return try CalibrationStore(of: site, at: board, in: folder)
    } catch {
        throw unnamed(board, error)
    }
}

/// The same for whoever can do without: a board that nobody can name has no calibrations, and says so.
func storeIfNamed(
    _ site: SiteProfile, _ board: String, _ folder: String?
) throws -> CalibrationStore? {
    do throws(BoardSerial.Refusal) {
        return try CalibrationStore(ifNamed: site, at: board, in: folder)
    } catch {
        throw unnamed(board, error)
    }
}

private func unnamed(_ board: String, _ refusal: BoardSerial.Refusal) -> ExitCode {
    complain("\(board): \(refusal.message)\n  = \(refusal.remedy)")
    return .failure
}

/// Holds the board, or says who has it.
func hold(_ site: SiteProfile, for what: String) throws -> BoardLock {
    do throws(BoardLock.Held) { return try BoardLock(site.name) } catch {
        let who = error.pid.map { "process \($0) runs" } ?? "another program is"
        complain(
            "\(site.name): \(who) on this board; \(what)\n  = stop it first (its outputs come to rest)"
        )
        throw ExitCode.failure
    }
}

/// Seconds since 1970, UTC.
func utc_s() -> Double { Date().timeIntervalSince1970 }
