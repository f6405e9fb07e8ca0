import BoardProfile

/// Recorded quarter hours that take the place of weather and of people, as written.
public struct Recorded: Sendable, Equatable {
    /// Inside the boards folder.
    public var file = ""
    /// The day of PV, and of loads that name none; nil: the file's first.
    public var day: String?
    public var homes: [Home] = []
    public init() {}

    public struct Home: Sendable, Equatable {
        public var home = ""
        public var loadColumn: String?
        public var loadScale = 1.0
        public var loadDay: String?
        public var pvColumn: String?
        public var pvScale = 1.0
        public init() {}
    }
}

extension Recorded {
    static let section = Section(
        "Recorded", of: Recorded(), "Recorded quarter hours of loads and PV."
    ) { s in
        s.file(
            "file", \.file,
            "A table of comma-separated values: date, time, then columns ending in _W or _kW.",
            .required, example: "../data/days.csv")
        s.text(
            "day", \.day, form: .day, "The day taken; the table's first if left out.",
            example: "2016-06-15")
        s.list("homes", \.homes, 1...64, Home.section, "Who lives by which column.", .required)
        s.rule { recorded, check in
            for (n, home) in recorded.homes.enumerated() {
                if recorded.homes[..<n].contains(where: { $0.home == home.home }) {
                    check.refuse(
                        \.homes, item: n, key: "home", "has its columns already",
                        "give each home one entry")
                }
            }
        }
    }
}

extension Recorded.Home {
    static let section = Section(
        "Recorded home", of: Recorded.Home(), "Which columns one home lives by."
    ) { s in
        s.reference("home", \.home, to: "home", "Which home.", .required, example: "mill")
        s.text("load_column", \.loadColumn, form: .name, "Column of what it draws.")
        s.number("load_scale", \.loadScale, 0...1000, "Times the column's value.")
        s.text(
            "load_day", \.loadDay, form: .day, "Another day for what it draws.",
            example: "2016-06-15")
        s.text("pv_column", \.pvColumn, form: .name, "Column of what its modules give.")
        s.number("pv_scale", \.pvScale, 0...1000, "Times the column's value.")
        s.rule { home, check in
            if home.loadColumn == nil, home.pvColumn == nil {
                check.refuse(
                    \.home, "has no column", "add load_column or pv_column")
            }
        }
    }
}
