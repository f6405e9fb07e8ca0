import BlackBox
import BoardProfile
import Calibration
import Control
import Station
import Switchboard
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A board's file, its chips and its calibrations, read and found to fit each other: the first half of
/// a start.
struct LoadedBoard {
    var site: SiteProfile
    /// Every value in force, and where it came from.
    var values: [Setting]
    var switchboard: Switchboard
    /// Calibrated and guarded.
    var settings: ControllerSettings
    /// Files of calibrations in use, beside those that `values` are from.
    var records: [String] = []
    /// Channels without a calibration; nil: the board has no serial number, nothing can be known.
    var uncalibrated: Int?

    /// Why a board is not run. What is wrong was said already, line by line.
    struct Refusal: Error {
        var text: String
    }

    /// - Parameters:
    ///   - now_s: seconds since 1970, UTC, as far as the machine knows.
    ///   - say: problems, for people, in their order.
    init(
        _ config: String, calibration: String?, now_s: Double,
        say: (Journal.Level, String) -> Void
    ) throws(Refusal) {
        let reading = SiteProfile.load(config)
        for problem in reading.problems {
            say(problem.severity == .error ? .error : .warning, problem.rendered)
        }
        guard let site = reading.value else {
            throw Refusal(text: "\(config): \(reading.errors.count) errors in the board file")
        }
        guard site.hardware != nil else {
            throw Refusal(
                text: "\(config): is simulated; there is nothing to control (skerry run \(config))")
        }
        var switchboard = Switchboard(site)
        for refusal in switchboard.refusals {
            say(.error, refusal.rendered(reading.settings, of: site))
        }
        guard switchboard.refusals.isEmpty, let nominal = site.hardwareSettings() else {
            throw Refusal(text: "\(config): does not fit its chips")
        }
        settings = nominal
        let store: CalibrationStore?
        do throws(BoardSerial.Refusal) {
            store = try CalibrationStore(ifNamed: site, at: config, in: calibration)
        } catch {
            throw Refusal(text: "\(config): \(error.message)\n  = \(error.remedy)")
        }
        if let store, let known = BoardCalibration(site, switchboard, store, now_s: now_s) {
            for problem in known.problems {
                say(problem.severity == .error ? .error : .warning, problem.rendered)
            }
            guard known.mayRun else {
                throw Refusal(text: "\(config): does not run on these calibrations")
            }
            settings = known.settings
            uncalibrated = known.missing.count
            records = switchboard.nominals(of: site).map(\.channel)
                .filter { known.set[$0] != nil }.map { store.path($0) }
            switchboard = Switchboard(
                site, settings: known.settings, thermistors: known.thermistors)
        }
        self.site = site
        self.switchboard = switchboard
        values = reading.settings
    }

    /// Everything the controller was made from: the program's version, board files, calibrations.
    ///
    /// - Parameter isNew: the controller begins, and does not go on from a state that was left.
    func texts(isNew: Bool) -> [SettingsText] {
        var files: [String] = []
        for value in values {
            if case .file(let name, _) = value.origin, !files.contains(name) { files.append(name) }
        }
        var sheet = RunSheet()
        sheet.version = ProgramVersion.text
        sheet.controller =
            site.hardware.map(\.controls).flatMap { $0.isEmpty ? nil : $0 } ?? site.name
        sheet.board = "\(site.name)/board.yaml"
        sheet.tick_Hz = site.rate_Hz
        if case .waveform(let perTick, _) = settings.frontEnd { sheet.samplesPerTick = perTick }
        sheet.isFresh = isNew && records.isEmpty
        return [sheet.text]
            + (files + records).map {
                SettingsText(name: Self.recorded($0), text: readWholeFile($0) ?? "")
            }
    }

    /// A file inside a boards folder by its path there: it is the same board wherever it lay.
    static func recorded(_ file: String) -> String {
        let parts = file.split(separator: "/")
        guard let boards = parts.lastIndex(of: "boards") else { return file }
        return RunSheet.boards + parts[(boards + 1)...].joined(separator: "/")
    }

    /// Of everything the controller is told: with another number another controller would run.
    var digest: UInt64 {
        var sum = Fnv()
        for value in values where !SettingChanges.isLive(value.key) {
            sum.mix("\(value.key)=\(value.value)")
        }
        // What calibration made of it.
        sum.mix("\(settings.stages)\(settings.presence)\(String(describing: settings.coupling))")
        for k in 0..<WaveChannel.count {
            sum.mix("\(settings.waves[k])\(settings.wavePhases[k])")
        }
        for k in 0..<ScalarChannel.count { sum.mix("\(settings.scalars[k])") }
        sum.mix("\(settings.chipPhase)\(settings.sampleClock)\(settings.limits)\(settings.loads)")
        sum.mix(String(describing: settings.contactor))
        sum.mix(String(describing: settings.source))
        sum.mix(String(describing: settings.converter))
        return sum.value
    }
}

/// FNV-1a, 64 bits: tells texts apart that nobody forges.
struct Fnv {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325
    mutating func mix(_ text: String) {
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        value = (value ^ 0xFF) &* 0x100_0000_01B3
    }
}
