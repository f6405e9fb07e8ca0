import Control
import Quantities

/// What a person, or a program with a person's rights, asks of a controller.
public enum AskedCommand: Equatable, Sendable {
    /// A planned island: the point of common coupling opens and stays open.
    case island
    /// Ends a planned island; the way back is the controller's: enter service, synchronism check.
    case reconnect
    /// Latched trips are seen, and may reset where their cause is gone.
    case acknowledge
    /// The state of charge below which nothing is discharged into the grid on a schedule, 0 ... 1. An island
    /// uses all there is.
    case reserve(Float)
    /// Power into the bus while tied, for so long: 1 s to a day.
    case setpoints(active: Watts, reactive: Vars, for_s: Double)
}

extension AskedCommand {
    /// As it is put down.
    public var words: String {
        switch self {
        case .island: "island"
        case .reconnect: "reconnect"
        case .acknowledge: "acknowledge"
        case .reserve(let charge): "reserve \((charge * 100).rounded()) %"
        case .setpoints(let active, let reactive, let for_s):
            "setpoints \(active.value) W, \(reactive.value) var for \(for_s) s"
        }
    }
}

/// What became of it.
public struct Reply: Equatable, Sendable {
    public var isAccepted: Bool
    /// The controller's words, or why it could not be asked.
    public var words: String
    public init(isAccepted: Bool, words: String) {
        (self.isAccepted, self.words) = (isAccepted, words)
    }
}
