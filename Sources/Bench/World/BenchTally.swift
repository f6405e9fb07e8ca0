/// What really happened since the start, for a test to hold against what the controller recorded.
struct BenchTally: Equatable {
    /// Closings of the main contactor onto a link more than 10 V away: pre-charge was missing.
    private(set) var blindCloses = 0
    /// The largest difference at which it closed, V.
    private(set) var worstClose_V = 0.0
    /// Times the main contactor came to conduct after its coil was fed, and openings above 5 A.
    private(set) var closes = 0
    private(set) var hotOpens = 0
    /// When its contacts last parted and last touched, s since the start.
    private(set) var opened_s: Double?
    private(set) var closed_s: Double?
    /// Largest current into the link ever, A.
    private(set) var inrush_A = 0.0

    /// Energies, Wh, all counted upwards.
    private(set) var batteryOut_Wh = 0.0
    private(set) var batteryIn_Wh = 0.0
    private(set) var converterOut_Wh = 0.0
    private(set) var converterIn_Wh = 0.0
    private(set) var pv_Wh = 0.0
    private(set) var grid_Wh = 0.0
    private(set) var load_Wh = 0.0

    /// Time the bus spent below 80 % of nominal, s, and the longest piece of it.
    private(set) var dead_s = 0.0
    private(set) var longestDead_s = 0.0
    private var thisDead_s = 0.0
    private(set) var leastBus_V = Double.infinity
    private(set) var mostBus_V = 0.0
    private var wasOpenAfterRelease = true

    static let blind_V = 10.0
    static let hot_A = 5.0

    mutating func contactor(
        before: Bool, after: Bool, coil: Bool, difference_V: Double, current_A: Double, at_s: Double
    ) {
        if before, !after { opened_s = at_s }
        if !before, after {
            closed_s = at_s
            worstClose_V = max(worstClose_V, abs(difference_V))
            if abs(difference_V) > Self.blind_V { blindCloses += 1 }
            // A bounce is not another closing.
            if wasOpenAfterRelease { closes += 1 }
            wasOpenAfterRelease = false
        }
        if before, !after, !coil {
            wasOpenAfterRelease = true
            if abs(current_A) > Self.hot_A { hotOpens += 1 }
        }
    }

    struct Moment {
        var dt_s, bus_V, battery_W, converter_W, pv_W, grid_W, load_W, inrush_A: Double
    }
    mutating func add(_ m: Moment) {
        let hours = m.dt_s / 3600
        if m.battery_W > 0 {
            batteryOut_Wh += m.battery_W * hours
        } else {
            batteryIn_Wh -= m.battery_W * hours
        }
        if m.converter_W > 0 {
            converterOut_Wh += m.converter_W * hours
        } else {
            converterIn_Wh -= m.converter_W * hours
        }
        pv_Wh += m.pv_W * hours
        grid_Wh += m.grid_W * hours
        load_Wh -= m.load_W * hours
        inrush_A = m.inrush_A
        leastBus_V = min(leastBus_V, m.bus_V)
        mostBus_V = max(mostBus_V, m.bus_V)
        if m.bus_V < 0.8 * BenchPlant.nominal_V {
            dead_s += m.dt_s
            thisDead_s += m.dt_s
            longestDead_s = max(longestDead_s, thisDead_s)
        } else {
            thisDead_s = 0
        }
    }

    /// Least, most and longest begin anew.
    mutating func forgetExtremes() {
        (leastBus_V, mostBus_V, longestDead_s, thisDead_s) = (.infinity, 0, 0, 0)
    }
}
