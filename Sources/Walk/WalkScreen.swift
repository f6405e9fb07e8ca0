import Calibration
import Report

/// What the walk shows; drawn by ``WalkView``.
public struct WalkScreen: Equatable, Sendable {
    public struct Row: Equatable, Sendable {
        public var name: String
        public var required: String
        /// `new`, `3 points`, `±12 mV, passes`, `skipped`.
        public var state: String
        public var tone: Tone
    }
    public struct PointRow: Equatable, Sendable {
        public var number: Int
        /// In the channel's unit: the reference, what is off from it, and k = 2 of the two together.
        public var reference: Double
        public var residual: Double
        public var expanded: Double
        public var isOutlier: Bool
    }
    public struct Live: Equatable, Sendable {
        /// `Level 3 of 5: set the source to 12 V.`
        public var wanted: String
        /// What the practice meter shows; nil on a real board.
        public var practice: String?
        public var raw = "–"
        public var reading = "–"
        public var noise = "–"
        public var drift = "–"
        public var readings = "–"
        public var isSteady = false
        /// Why not, or what to know.
        public var remarks: [String] = []
        /// The last readings, in the channel's unit.
        public var trace: [Double] = []
        public var points: [PointRow] = []
        /// Index of the point being redone.
        public var redoing: Int?
        /// Residuals are against the fit; else against the nominal gain.
        public var isFitted = false
        /// What the fit says so far.
        public var fit = ""
    }
    public enum Body: Equatable, Sendable {
        case list([Row], selected: Int)
        case connect(Connection, rest: String)
        case live(Live)
        case summary(SessionSummary, ChannelFit, Live)
        case help
    }
    public struct Message: Equatable, Sendable {
        public var text: String
        public var remedy: String
        public var tone: Tone
        public init(_ text: String, remedy: String = "", _ tone: Tone = .normal) {
            (self.text, self.remedy, self.tone) = (text, remedy, tone)
        }
    }
    public var title = ""
    /// The reference meter.
    public var meter = ""
    public var body = Body.help
    /// Of the channel shown; what the plot's band is made of.
    public var plan: ChannelPlan?
    public var message: Message?
    /// What is asked, and what was typed so far.
    public var prompt = ""
    public var typed = ""
    /// `q quit`: each key with its word.
    public var keys: [String] = []
    public init() {}
}
