import BoardProfile
import Calibration

extension CalibrationStore {
    /// The calibrations of the board this program runs on.
    ///
    /// - Parameters:
    ///   - board: the board file or its folder, as a person wrote it.
    ///   - folder: of calibrations; nil: `calibration` beside `boards`, or beside the board's own folder
    ///     where that is elsewhere.
    public init(
        of site: SiteProfile, at board: String, in folder: String?
    ) throws(BoardSerial.Refusal) {
        let (serial, _) = try BoardSerial.ofThisMachine(profile: site.calibration.serial)
        self.init(root: folder ?? Self.folder(beside: board), serial: serial)
    }

    /// Nil where nobody can name the board and its file asks for no calibration: it then has none.
    public init?(
        ifNamed site: SiteProfile, at board: String, in folder: String?
    ) throws(BoardSerial.Refusal) {
        do throws(BoardSerial.Refusal) {
            try self.init(of: site, at: board, in: folder)
        } catch {
            if site.calibration.isRequired || site.calibration.serial != nil { throw error }
            return nil
        }
    }

    private static func folder(beside board: String) -> String {
        var parts = board.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.last == "" { parts.removeLast() }
        if parts.last?.hasSuffix(".yaml") == true { parts.removeLast() }
        if let n = parts.lastIndex(of: "boards") {
            parts.removeSubrange(n...)
        } else {
            _ = parts.popLast()
        }
        return (parts + ["calibration"]).joined(separator: "/")
    }
}
