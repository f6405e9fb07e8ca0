import BlackBox
import BoardProfile
import Control

/// The settings of a recording, made again from its own texts.
public struct RecordedSettings: Sendable {
    public var sheet: RunSheet
    public var site: SiteProfile
    public var settings: ControllerSettings
    public var stages: [StageProfile]
    /// Every value in force and where it came from.
    public var values: [Setting]
    /// The settings are those the recorded controller ran with, bit for bit.
    public var isExact: Bool { sheet.isFresh }

    public struct Refusal: Error, Equatable, Sendable {
        public var words: String
        public init(words: String) { self.words = words }
    }

    public init(_ texts: [SettingsText]?) throws(Refusal) {
        guard let texts else { throw Refusal(words: "the settings in the file are damaged") }
        var files: [String: String] = [:]
        var first: String?
        for text in texts where text.name.hasSuffix(".yaml") {
            let file = BoardFolder.containing(text.name).file
            files[file] = text.text
            first = first ?? file
        }
        let sheet = RunSheet(texts) ?? Self.sheet(texts, board: first ?? "")
        guard !sheet.board.isEmpty else {
            throw Refusal(words: "the recording does not say which board file it ran from")
        }
        let reading = SiteProfile.read(sheet.board, in: BoardFolder(memory: files))
        try self.init(reading, sheet)
    }

    /// Of a daemon's texts: its board file comes first.
    private static func sheet(_ texts: [SettingsText], board: String) -> RunSheet {
        var sheet = RunSheet()
        sheet.version = texts.first { $0.name == "version" }?.text ?? ""
        sheet.board = board
        return sheet
    }

    /// Of another board file, for the controller of the same name: or, where that has none of the name
    /// and just one controller, for that.
    public init(_ reading: Reading<SiteProfile>, _ sheet: RunSheet) throws(Refusal) {
        guard let site = reading.value else {
            let why = reading.errors.map(\.rendered).joined(separator: "\n")
            throw Refusal(words: "\(why)\n\(sheet.board): cannot be read by this build")
        }
        self.sheet = sheet
        self.site = site
        values = reading.settings
        if site.hardware != nil {
            guard let settings = site.hardwareSettings() else {
                throw Refusal(words: "\(sheet.board): nothing on this board is controlled")
            }
            self.settings = settings
            stages = site.hardwareStages
            return
        }
        let sensing =
            sheet.tick_Hz > 0
            ? Sensing(rate_Hz: sheet.tick_Hz, samplesPerTick: sheet.samplesPerTick) : site.sensing
        let names = site.controllerNames
        let name = names.contains(sheet.controller) ? sheet.controller : names.first ?? ""
        guard names.contains(sheet.controller) || names.count == 1,
            let settings = site.settings(of: name, sensing)
        else {
            throw Refusal(
                words: "\(sheet.board): has no controller \(sheet.controller); it has "
                    + names.joined(separator: ", "))
        }
        self.settings = settings
        stages = site.stages(of: name)
    }
}
