/// What a person may do. Each role may what those before it may.
public enum Role: String, CaseIterable, Comparable, Sendable {
    /// Sees what everybody sees, and the record of commands.
    case viewer
    /// Asks for a planned island and for the way back, acknowledges trips, sets the reserve.
    case `operator`
    /// Schedules powers besides.
    case engineer

    public static func < (a: Role, b: Role) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
}
