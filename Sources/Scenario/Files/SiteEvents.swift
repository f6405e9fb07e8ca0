import BoardProfile

// What people and the weather can do, as written. Without `home`, all homes are meant.

extension Event {
    public struct Demand: Sendable, Equatable {
        public var home: String?
        public var factor = 1.0
        public init() {}
        static let section = Section(
            "Demand", of: Demand(), "What people draw, times what the board file says."
        ) { s in
            s.reference("home", \.home, to: "home", "One home; all if left out.")
            s.number("factor", \.factor, 0...20, "1 is as written.", .required, example: 1.5)
        }
    }
    public struct Irradiance: Sendable, Equatable {
        public var home: String?
        public var power_W_per_m2 = 600.0
        public init() {}
        static let section = Section("Irradiance", of: Irradiance(), "The sun changes.") { s in
            s.reference("home", \.home, to: "home", "One home; all if left out.")
            s.number(
                "power_W_per_m2", \.power_W_per_m2, 0...1500, "On the modules.", .required,
                example: 300)
        }
    }
    public struct Wind: Sendable, Equatable {
        public var home: String?
        public var speed_m_per_s = 7.0
        public init() {}
        static let section = Section("Wind", of: Wind(), "The wind changes.") { s in
            s.reference("home", \.home, to: "home", "One home; all if left out.")
            s.number(
                "speed_m_per_s", \.speed_m_per_s, 0...60, "At the hub.", .required, example: 12)
        }
    }
    public struct Charging: Sendable, Equatable {
        public var home: String?
        public var plugged = true
        public init() {}
        static let section = Section("Charging", of: Charging(), "A car comes or goes.") { s in
            s.reference("home", \.home, to: "home", "One home; all if left out.")
            s.flag("plugged", \.plugged, "The car is plugged in.", .required)
        }
    }
    public struct Driver: Sendable, Equatable {
        public var board = ""
        public var fails = true
        public init() {}
        static let section = Section(
            "Driver", of: Driver(), "A board's driver fails every call, or works again."
        ) { s in
            s.reference("board", \.board, to: "board", "Whose.", .required, example: "mill")
            s.flag("fails", \.fails, "false: works again.", .required)
        }
    }
}
