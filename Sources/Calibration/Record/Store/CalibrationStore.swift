import BoardProfile

/// The calibrations of one board on disk:
///
///     calibration/<serial>/<channel>.yaml                  in force
///     calibration/<serial>/history/<channel>/0001.yaml     every one there was, in a chain of digests
///     calibration/<serial>/unfinished/<channel>.yaml       points of a walk that was interrupted
///
/// What is written appears whole or not at all, whenever the power fails. Reading needs no lock and
/// changes nothing.
public struct CalibrationStore: Sendable {
    /// The folder `calibration`.
    public let root: String
    /// The board's own serial number: see `BoardSerial`.
    public let serial: String
    let disk: any Disk

    /// - Parameters:
    ///   - root: the folder `calibration`; it is made when something is added.
    ///   - serial: a safe folder name, as `BoardSerial.choose` answers.
    public init(root: String, serial: String) {
        self.init(root: root, serial: serial, disk: KernelDisk())
    }

    init(root: String, serial: String, disk: any Disk) {
        (self.root, self.serial, self.disk) = (root, serial, disk)
    }

    /// The calibration in force, and what was found wrong with it. Neither: there is none.
    ///
    /// After an interrupted write the newest whole entry of the history is in force, and a warning
    /// says so.
    public func current(_ channel: Calibrated) -> StoreReading<CalibrationRecord> {
        let state = load(channel)
        return StoreReading(
            value: state.inForce?.record, problems: state.problems,
            places: state.inForce?.places ?? FilePlaces(file: path(channel)))
    }

    /// Every channel that has a calibration, or that something is wrong with.
    public func all() -> [(channel: Calibrated, reading: StoreReading<CalibrationRecord>)] {
        present.map { ($0, current($0)) }.filter { $0.1.value != nil || !$0.1.problems.isEmpty }
    }

    /// The channels of which there is anything; where a folder cannot be listed, all, so that each
    /// tells of it.
    var present: [Calibrated] {
        guard let files = try? disk.names(in: folder), let folders = try? disk.names(in: histories)
        else { return Calibrated.all }
        let names = Set(files + folders.map { "\($0).yaml" })
        return Calibrated.all.filter { names.contains("\($0.key).yaml") }
    }

    /// Files and folders of the board that have no business there.
    public func strays() -> [Problem] {
        guard let names = try? disk.names(in: folder) else { return [] }
        let keys = Calibrated.all.map(\.key)
        let known = Set(keys.map { "\($0).yaml" } + ["history", "unfinished"])
        return names.sorted().filter { !known.contains($0) && !$0.hasPrefix(".") }.map { name in
            let bare = name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name
            let near = nearest(bare, in: keys)
            return FilePlaces(file: "\(folder)/\(name)").problem(
                "", "is the calibration of no channel",
                near.map { "rename it \($0).yaml if that was meant, or remove it" } ?? "remove it",
                .warning)
        }
    }

    /// All entries of a channel, oldest first, with what is wrong with their chain.
    public func history(
        _ channel: Calibrated
    ) -> (records: [CalibrationRecord], problems: [Problem]) {
        let state = load(channel)
        return (state.chain.map(\.record), state.problems)
    }

    // MARK: Where things are

    var folder: String { "\(root)/\(serial)" }
    var histories: String { "\(folder)/history" }
    func history(of channel: Calibrated) -> String { "\(histories)/\(channel.key)" }
    var unfinished: String { "\(folder)/unfinished" }
    /// The file in force.
    public func path(_ channel: Calibrated) -> String { "\(folder)/\(channel.key).yaml" }

    /// `0001.yaml`
    static func entry(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 4 - text.count)) + text + ".yaml"
    }
    /// The number of an entry's file; nil for any other name.
    static func number(_ name: String) -> Int? {
        guard name.hasSuffix(".yaml"), let number = Int(name.dropLast(5)),
            (1...RecordFile.mostEntries).contains(number), entry(number) == name
        else { return nil }
        return number
    }
}
