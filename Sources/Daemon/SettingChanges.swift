import BoardProfile

/// What differs between the settings in force and a file that was read again, and what of it may be
/// taken while the controller runs.
public struct SettingChanges: Sendable {
    /// A value that was changed.
    public struct Change: Equatable, Sendable {
        public var key: String
        /// Empty where it stood or stands nowhere.
        public var from: String
        public var to: String
        /// `board.yaml:12`.
        public var place: String
        /// For people and for the record.
        public var words: String {
            "\(key): \(from.isEmpty ? "nothing" : from) -> \(to.isEmpty ? "nothing" : to) (\(place))"
        }
    }
    /// Taken at once.
    public private(set) var taken: [Change] = []
    /// Not before a restart: the controller's settings are frozen once it runs.
    public private(set) var refused: [Change] = []

    /// Keys that may change at run time begin so: who may speak, and how much is kept aside.
    public static let live = ["service.link.", "title"]

    static func isLive(_ key: String) -> Bool { live.contains { key.hasPrefix($0) } }

    public init(from old: [Setting], to new: [Setting]) {
        let before = Dictionary(old.map { ($0.key, $0) }, uniquingKeysWith: { a, _ in a })
        let after = Dictionary(new.map { ($0.key, $0) }, uniquingKeysWith: { a, _ in a })
        for key in Set(before.keys).union(after.keys).sorted() {
            let (a, b) = (before[key], after[key])
            guard a?.value != b?.value else { continue }
            let change = Change(
                key: key, from: a?.value ?? "", to: b?.value ?? "",
                place: (b ?? a)!.place)
            if Self.isLive(key) {
                taken.append(change)
            } else {
                refused.append(change)
            }
        }
    }
    /// The settings in force with the live ones of `new`.
    public static func merged(_ old: [Setting], _ new: [Setting]) -> [Setting] {
        old.filter { !isLive($0.key) } + new.filter { isLive($0.key) }
    }
    public var isEmpty: Bool { taken.isEmpty && refused.isEmpty }
}
