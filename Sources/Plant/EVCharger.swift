/// A charging point with one car after another. Follows an offered current as IEC 61851-1 has it:
/// at least 6 A or nothing; the car answers within seconds and tapers near the end.
public struct EVCharger: Sendable {
    public struct Session: Sendable, BitwiseCopyable {
        public var arrival_s: Double
        public var departure_s: Double
        /// Wanted at arrival.
        public var energy_Wh: Double
        public var battery_Wh: Double
        public var most_A: Double
        public var phases: Int
        public init(
            arrival_s: Double, departure_s: Double, energy_Wh: Double, battery_Wh: Double = 60_000,
            most_A: Double = 16, phases: Int = 3
        ) {
            self.arrival_s = arrival_s
            self.departure_s = departure_s
            self.energy_Wh = energy_Wh
            self.battery_Wh = battery_Wh
            self.most_A = most_A
            self.phases = phases
        }
    }
    /// Least current of IEC 61851-1.
    public static let least_A = 6.0

    public var sessions: [Session]
    /// Current the pilot offers, A per phase; below 6 A means pause.
    public var offered_A = 0.0
    public private(set) var delivered_Wh = 0.0
    /// Drawn now, A per phase.
    public private(set) var current_A = 0.0
    /// Into the bus: negative while charging.
    public private(set) var power_W = 0.0
    /// The car that is plugged in, if any.
    public private(set) var present: Session?
    private var next = 0

    /// `sessions` by arrival, without overlap.
    public init(sessions: [Session]) { self.sessions = sessions }

    public var isPlugged: Bool { present != nil }
    public var missing_Wh: Double { present.map { max(0, $0.energy_Wh - delivered_Wh) } ?? 0 }

    public mutating func step(time_s: Double, phase_V: Double, dt_s: Double) {
        if let car = present, time_s >= car.departure_s { present = nil }
        if present == nil, next < sessions.count, time_s >= sessions[next].arrival_s {
            present = sessions[next]
            next += 1
            delivered_Wh = 0
        }
        var goal = 0.0
        if let car = present, missing_Wh > 0, offered_A >= EVCharger.least_A {
            // Constant voltage over the last tenth of the battery.
            let taper = min(1, missing_Wh / (0.1 * car.battery_Wh))
            goal = max(EVCharger.least_A, min(offered_A, car.most_A) * taper)
            goal = min(goal, offered_A, car.most_A)
        }
        // Stops at once, rises with 2 s.
        current_A =
            goal == 0 ? 0 : current_A + (goal - current_A) * (1 - exponential(-dt_s / 2))
        power_W = present.map { -current_A * phase_V * Double($0.phases) } ?? 0
        delivered_Wh -= power_W * dt_s / 3600
    }
}
