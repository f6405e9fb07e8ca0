import Control
import Quantities
import Wire

/// A turn, and its number: how many turns the loop had made before it.
public struct NumberedTurn: Sendable {
    public var number: UInt64
    public var turn: KeptTurn
}

/// A controller's state, kept: lived on from here with the turn of the same number, it becomes what it
/// became.
public struct KeptState: Sendable {
    /// Turns that the controller had lived; the number of the turn that comes next.
    public var turn: UInt64
    /// The tick of the last turn it had lived.
    public var tick: Tick
    public var layout: StateLayout
    /// See `Checkpoint`.
    public var image: [UInt8]

    /// - Parameter ours: `StateLayout.ofThisProgram()`, computed once.
    public func controller(ours: StateLayout) -> Result<Controller, Checkpoint.Fault> {
        var controller = Controller(Self.blank)
        let fault = image.withUnsafeBytes {
            Checkpoint.read(from: $0, layout: layout, ours: ours, into: &controller)
        }
        return if let fault { .failure(fault) } else { .success(controller) }
    }
    private static var blank: ControllerSettings {
        ControllerSettings(
            rate: TickRate(perSecond: 1), frontEnd: .none, nominalCurrent: Amperes(1),
            presence: PresenceLimits(deadBelow: .zero, liveAbove: .zero),
            limits: SetpointLimits(
                frequencyBias: .zero, voltageBias: .zero, active: .zero, reactive: .zero,
                horizon: 0))
    }
}

/// A whole record, kept beside the turns: lists and events need no life lived again.
public struct KeptRecord: Sendable {
    public struct Reason: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// A second has passed.
        public static let periodic = Reason(rawValue: 1)
        /// A state, a cause, the verdict, an output or a mode is another than in the turn before.
        public static let change = Reason(rawValue: 2)
        /// A trip or a transition: a capture is made.
        public static let trigger = Reason(rawValue: 4)
        /// Changes before this one were too many to be kept, each; the turns have them.
        public static let thinned = Reason(rawValue: 8)
    }
    public var number: UInt64
    public var reason: Reason
    public var record: Record
}

/// Turns that are not there, and why.
public struct Gap: Equatable, Sendable {
    public enum Reason: UInt8, Sendable {
        /// The recorder came too late and the loop had overwritten them.
        case overrun = 1
        /// The disk stalled or failed for longer than memory lasts.
        case disk = 2
        /// More bytes a day than the settings allow.
        case budget = 3

        public var words: String {
            switch self {
            case .overrun: "the recorder came too late"
            case .disk: "the disk stalled or failed"
            case .budget: "more bytes a day than the settings allow"
            }
        }
    }
    public var reason: Reason
    /// The number of the first turn that is missing, and how many are.
    public var first: UInt64
    public var turns: UInt64
    public init(reason: Reason, first: UInt64, turns: UInt64) {
        self.reason = reason
        self.first = first
        self.turns = turns
    }
}

/// What somebody should read beside the turns.
public struct Note: Equatable, Sendable {
    public enum Kind: UInt8, Sendable {
        /// The recording began, or ended in order.
        case start = 1
        case stop = 2
        /// Setpoints were accepted; the text says from whom.
        case setpoints = 3
        /// A part of the board was lost or came back.
        case part = 4
        /// Why a capture was made.
        case capture = 5
        /// Anything else.
        case remark = 6
    }
    /// Longer texts are cut, in UTF-8 bytes.
    public static let mostText = 1000
    public var kind: Kind
    /// Of the newest turn that was recorded before it.
    public var tick: Tick
    /// CLOCK_REALTIME in ns.
    public var wall_ns: Int64
    public var text: String
    public init(_ kind: Kind, tick: Tick, wall_ns: Int64, text: String) {
        self.kind = kind
        self.tick = tick
        self.wall_ns = wall_ns
        self.text = text
    }
}

/// One text that the run was made from: a board file, a calibration, the version of the program.
public struct SettingsText: Equatable, Sendable {
    public var name: String
    public var text: String
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// Bytes that could not be read, or frames that are missing.
public struct Skip: Equatable, Sendable {
    public enum Reason: Equatable, Sendable {
        /// These bytes are no frame and no padding.
        case damaged
        /// Whole frames are missing where bytes are blank.
        case blank
        /// Frames that stand where they were not written.
        case misplaced
        /// Frames of another file.
        case foreign
        /// A whole frame of a format this program does not know.
        case unknown
        /// After the newest frame of a run: what an older round left, or a write that did not end.
        case unfinished
        /// The system could not read; its error number.
        case unreadable(Int32)
    }
    /// Bytes from the beginning of the file.
    public var offset: Int64
    public var bytes: Int64
    public var reason: Reason
    /// Frames that are known to be missing here, by the numbers of those before and after.
    public var frames: UInt64

    public var words: String {
        let what =
            switch reason {
            case .damaged: "damaged"
            case .blank: "blank where frames should be"
            case .misplaced: "whole frames in another place than they were written to"
            case .foreign: "frames of another recording"
            case .unknown: "written by another version"
            case .unfinished: "left of an older round, or of a write that did not end"
            case .unreadable(let code): "unreadable (error \(code))"
            }
        let lost = frames > 0 ? ", \(frames) frame\(frames == 1 ? "" : "s") lost" : ""
        return "\(bytes) bytes at \(offset): \(what)\(lost)"
    }
}

/// What a run holds, in its order.
public enum Entry: Sendable {
    case turn(NumberedTurn)
    case state(KeptState)
    case record(KeptRecord)
    case gap(Gap)
    case note(Note)
    case skipped(Skip)
}
