/// What a run was: one text among the others, so that a controller can be made again from them. Each
/// line is a key, a colon and a value; keys that are unknown are passed over.
public struct RunSheet: Equatable, Sendable {
    /// The name of its text.
    public static let name = "run"
    /// The name of the text of a file: its path inside the boards folder behind this.
    public static let boards = "boards/"

    /// Of the program that recorded.
    public var version = ""
    /// The controller's name in its board file.
    public var controller = ""
    /// The board file's path inside the boards folder; empty where its texts are not here.
    public var board = ""
    /// Ticks a second, and samples of a waveform in a tick: 0 for a meter chip.
    public var tick_Hz = 0.0
    public var samplesPerTick = 0
    /// The first turn was lived by a controller made of these settings alone: not gone on from a state
    /// that was left, and not corrected by calibrations.
    public var isFresh = false
    /// What makes the run again, and its seed; empty and 0 on a real board.
    public var command = ""
    public var seed: UInt64 = 0

    public init() {}

    /// - Returns: nil where no text is a sheet.
    public init?(_ texts: [SettingsText]) {
        guard let text = texts.first(where: { $0.name == Self.name }) else { return nil }
        self.init()
        for line in text.text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            switch line[..<colon] {
            case "version": version = String(value)
            case "controller": controller = String(value)
            case "board": board = String(value)
            case "tick_Hz": tick_Hz = Double(value) ?? 0
            case "samples_per_tick": samplesPerTick = Int(value) ?? 0
            case "start": isFresh = value == "fresh"
            case "command": command = String(value)
            case "seed": seed = UInt64(value) ?? 0
            default: break
            }
        }
    }

    public var text: SettingsText {
        SettingsText(
            name: Self.name,
            text: """
                version: \(version)
                controller: \(controller)
                board: \(board)
                tick_Hz: \(tick_Hz)
                samples_per_tick: \(samplesPerTick)
                start: \(isFresh ? "fresh" : "went on")
                command: \(command)
                seed: \(seed)

                """)
    }
}
