import Control
import Wire

/// A state machine of a controller, and the names of its states in the order of their codes.
struct Machine: Sendable {
    let name: String
    let states: [String]
    /// 0 where the controller has no such machine, else the place of its state in `states`, from 1.
    let code: @Sendable (Record) -> UInt8

    static let all: [Machine] = [
        Machine(
            name: "islanding",
            states: [
                "gridTied", "opening", "islanded", "resynchronising", "closing", "blackStart",
                "fault",
            ]
        ) { $0.islanding.code },
        Machine(
            name: "source",
            states: ["off", "observing", "following", "forming", "blackStarting", "tripped"]
        ) { $0.source.code },
        Machine(
            name: "der",
            states: [
                "outOfService", "tripped", "enteringService", "continuous", "mandatory",
                "permissive", "momentaryCessation", "ceased",
            ]
        ) { $0.der.code },
        Machine(
            name: "contactor",
            states: [
                "open", "preCharging", "closing", "settling", "closed", "opening", "waiting",
                "welded",
            ]
        ) { $0.contactor.code },
    ]

    /// The sides of the islanding switch, and what is proved of them.
    static let sides: [(name: String, read: @Sendable (Record) -> Presence)] = [
        ("grid", { $0.gridPresence }), ("bus", { $0.busPresence }),
    ]
    static let presences: [(name: String, presence: Presence)] = [
        ("dead", .dead), ("live", .live), ("doubtful", .doubtful),
    ]
}
