/// What a simulated or a real run hands over to be looked at: the whole run in memory.
///
/// Every row of the run is one entry of `time_s`; every series has a value for each. States and
/// events keep times of their own. Powers are positive into the site's bus.
public struct Trace: Sendable, Equatable {
    /// What ran, in a few words.
    public var title: String
    /// One sentence more: the board, the grid code, what was asked of it.
    public var subtitle: String
    /// The seed of the world; the same seed means the same run.
    public var seed: UInt64
    /// The command that reproduces the run.
    public var command: String
    /// The instants of the rows, seconds since the start, ascending and finite.
    public var time_s: [Double]
    public var series: [Series]
    public var states: [StateTrack]
    public var events: [Event]
    /// The table of figures, in the order they are to be read.
    public var figures: [Figure]
    /// Ranges to shade behind the plots.
    public var bands: [Band]

    public init(
        title: String, subtitle: String = "", seed: UInt64 = 0, command: String = "",
        time_s: [Double] = [], series: [Series] = [], states: [StateTrack] = [],
        events: [Event] = [], figures: [Figure] = [], bands: [Band] = []
    ) {
        self.title = title
        self.subtitle = subtitle
        self.seed = seed
        self.command = command
        self.time_s = time_s
        self.series = series
        self.states = states
        self.events = events
        self.figures = figures
        self.bands = bands
    }
}

extension Trace {
    /// One signal over the whole run.
    public struct Series: Sendable, Equatable {
        /// A dotted path, unique in the trace: `home2.battery`. With the unit's suffix it heads
        /// the CSV column.
        public var name: String
        public var unit: Unit
        /// The plot it belongs to. Series of one group and one unit share a plot; plots come in
        /// the order in which their groups first appear.
        public var group: String
        /// What a person reads in the legend.
        public var label: String
        /// One value for each row of `time_s`; NaN is a gap.
        public var values: [Float]

        public init(name: String, unit: Unit, group: String, label: String, values: [Float] = []) {
            self.name = name
            self.unit = unit
            self.group = group
            self.label = label
            self.values = values
        }
    }

    /// The states one machine went through.
    public struct StateTrack: Sendable, Equatable {
        public var name: String
        public var label: String
        /// In order of time. A state lasts until the next change, the last until the end.
        public var changes: [Change]

        public init(name: String, label: String, changes: [Change] = []) {
            self.name = name
            self.label = label
            self.changes = changes
        }

        public struct Change: Sendable, Equatable {
            public var time_s: Double
            public var state: String
            public var tone: Tone

            public init(time_s: Double, state: String, tone: Tone = .normal) {
                self.time_s = time_s
                self.state = state
                self.tone = tone
            }
        }
    }

    /// Something that happened at one instant.
    public struct Event: Sendable, Equatable {
        public enum Kind: String, Sendable, CaseIterable {
            case grid, transition, trip, contactor, shed, restore, fault, info
        }
        public var time_s: Double
        /// Who says so: `pcc`, `home2`, `scenario`.
        public var source: String
        public var kind: Kind
        public var text: String

        public init(time_s: Double, source: String, kind: Kind, text: String) {
            self.time_s = time_s
            self.source = source
            self.kind = kind
            self.text = text
        }
    }

    /// One figure of the table.
    public struct Figure: Sendable, Equatable {
        public enum Value: Sendable, Equatable {
            case number(Double)
            case text(String)
            /// It could not be measured in this run.
            case missing
        }
        public var group: String
        public var name: String
        public var value: Value
        public var unit: Unit
        /// A limit it is held against, its clause, how it was counted.
        public var note: String
        /// `attention` and `alarm` mark a figure outside what was asked for.
        public var tone: Tone
        /// Shown as a card above the plots.
        public var isKey: Bool

        public init(
            group: String, name: String, value: Value, unit: Unit = .one, note: String = "",
            tone: Tone = .normal, isKey: Bool = false
        ) {
            self.group = group
            self.name = name
            self.value = value
            self.unit = unit
            self.note = note
            self.tone = tone
            self.isKey = isKey
        }

        /// A number; nil and numbers that are not finite are `missing`.
        public init(
            group: String, name: String, value: Double?, unit: Unit = .one, note: String = "",
            tone: Tone = .normal, isKey: Bool = false
        ) {
            let number = value.flatMap { $0.isFinite ? Value.number($0) : nil }
            self.init(
                group: group, name: name, value: number ?? .missing, unit: unit, note: note,
                tone: tone, isKey: isKey)
        }

        public init(
            group: String, name: String, value: String, unit: Unit = .one, note: String = "",
            tone: Tone = .normal, isKey: Bool = false
        ) {
            self.init(
                group: group, name: name, value: .text(value), unit: unit, note: note,
                tone: tone, isKey: isKey)
        }
    }

    /// A range shaded behind every plot of a group: the normal band of frequency, say.
    public struct Band: Sendable, Equatable {
        public var group: String
        public var unit: Unit
        /// `lower < upper`, in `unit`.
        public var lower: Double
        public var upper: Double
        public var label: String
        public var tone: Tone

        public init(
            group: String, unit: Unit, lower: Double, upper: Double, label: String,
            tone: Tone = .normal
        ) {
            self.group = group
            self.unit = unit
            self.lower = lower
            self.upper = upper
            self.label = label
            self.tone = tone
        }
    }
}
