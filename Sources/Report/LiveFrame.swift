/// One look at a running site: everything `TerminalView` and `LineView` show, already in plain
/// numbers. Powers are positive into the site's bus; NaN is shown as a dash.
public struct LiveFrame: Sendable, Equatable {
    public var title = ""
    /// Seconds since the start of the run.
    public var time_s = 0.0
    /// Seconds of the run per second on the wall: 1 is real time.
    public var clockRatio = 1.0
    /// A DC site: no grid is shown, and the bus's voltage in place of its frequency.
    public var isDC = false
    public var grid = Grid()
    public var island = Island()
    public var bus = Bus()
    public var homes: [Home] = []
    /// The other side of the contactor seen from this one, while they are being brought in step.
    public var sync: Sync?
    public var alarms: [Alarm] = []
    public var ticks = Ticks()
    /// What happened, newest last.
    public var log: [Line] = []
    /// The keys that do something.
    public var hint = ""

    public init(title: String = "") { self.title = title }

    public struct Grid: Sendable, Equatable {
        public var state = ""
        public var voltage_V = Double.nan
        public var frequency_Hz = Double.nan
        public var isHealthy = false
        public init() {}
        public init(state: String, voltage_V: Double, frequency_Hz: Double, isHealthy: Bool) {
            self.state = state
            self.voltage_V = voltage_V
            self.frequency_Hz = frequency_Hz
            self.isHealthy = isHealthy
        }
    }

    /// The machine that parts the site from the grid and brings it back.
    public struct Island: Sendable, Equatable {
        public var state = ""
        public var tone = Tone.normal
        /// Seconds in this state.
        public var inState_s = 0.0
        /// Why it is in this state; may be empty.
        public var cause = ""
        public init() {}
        public init(state: String, tone: Tone, inState_s: Double, cause: String = "") {
            self.state = state
            self.tone = tone
            self.inState_s = inState_s
            self.cause = cause
        }
    }

    public struct Bus: Sendable, Equatable {
        public var voltage_V = Double.nan
        public var frequency_Hz = Double.nan
        /// Newest last; as many as the view has columns for are drawn.
        public var frequencyHistory_Hz: [Double] = []
        /// The same of the voltage: drawn for a DC site.
        public var voltageHistory_V: [Double] = []
        public init() {}
        public init(voltage_V: Double, frequency_Hz: Double, frequencyHistory_Hz: [Double] = []) {
            self.voltage_V = voltage_V
            self.frequency_Hz = frequency_Hz
            self.frequencyHistory_Hz = frequencyHistory_Hz
        }
    }

    public struct Home: Sendable, Equatable {
        public var name: String
        /// Into the bus, so a load is negative.
        public var load_W = 0.0
        public var pv_W = 0.0
        public var wind_W: Double?
        public var ev_W: Double?
        /// Positive while discharging.
        public var battery_W = 0.0
        /// What the inverter may give or take, positive.
        public var batteryLimit_W = 0.0
        /// State of charge, 0 ... 1.
        public var soc = 0.0
        /// Of the inverter's rating now in use, percent; the sharing between homes shows here.
        public var share_percent = 0.0
        public var contactor = ""
        /// One mark for each load group, `●` fed and `○` shed.
        public var loadGroups = ""
        public var state = ""
        public var tone = Tone.normal
        public init(name: String) { self.name = name }
    }

    public struct Sync: Sendable, Equatable {
        public var angle_deg: Double
        public var slip_Hz: Double
        public var voltage_percent: Double
        public init(angle_deg: Double, slip_Hz: Double, voltage_percent: Double) {
            self.angle_deg = angle_deg
            self.slip_Hz = slip_Hz
            self.voltage_percent = voltage_percent
        }
    }

    public struct Alarm: Sendable, Equatable {
        public var text: String
        public var tone: Tone
        public init(_ text: String, tone: Tone = .alarm) {
            self.text = text
            self.tone = tone
        }
    }

    /// How well the fixed rate is kept.
    public struct Ticks: Sendable, Equatable {
        public var rate_Hz = 0.0
        public var count: UInt64 = 0
        public var overruns: UInt64 = 0
        /// How late the loop woke up.
        public var wakeUpP50_us = Double.nan
        public var wakeUpP99_us = Double.nan
        public var wakeUpMax_us = Double.nan
        /// Of each period spent working, percent.
        public var busy_percent = Double.nan
        public init() {}
    }

    public struct Line: Sendable, Equatable {
        public var time_s: Double
        public var text: String
        public var tone: Tone
        public init(time_s: Double, text: String, tone: Tone = .normal) {
            self.time_s = time_s
            self.text = text
            self.tone = tone
        }
    }
}
