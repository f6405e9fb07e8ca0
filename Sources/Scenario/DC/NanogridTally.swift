import Control
import SimBoard

/// Sums over a whole DC run, taken every tick from the true plant, not from what sensors say.
public struct NanogridTally: Sendable {
    public struct Battery: Sendable {
        /// On the bus's side of the converter.
        public var out_J = 0.0
        public var in_J = 0.0
        /// Charge through the cells, either way, C.
        public var through_C = 0.0
        public var openingsCold = 0
        public var openingsHot = 0
        /// From the start of each pre-charge to the touch of the main contactor, s.
        public var preCharges_s: [Double] = []
        /// The largest true difference across the main contactor at its touches, V.
        public var worstTouch_V = 0.0
        public var trips = 0
    }
    public private(set) var batteries: [Battery]
    public private(set) var pv_J = 0.0
    public private(set) var pvAvailable_J = 0.0
    public private(set) var served_J = 0.0
    public private(set) var unserved_J = 0.0
    public private(set) var alive_s = 0.0
    public private(set) var inBand_s = 0.0
    public private(set) var length_s = 0.0
    public private(set) var highest_V = 0.0
    /// While the bus was alive.
    public private(set) var lowest_V = Double.infinity
    public private(set) var sheds = 0
    public private(set) var restores = 0
    /// Curtailing steps, and times the PV was told to give nothing on a live bus.
    public private(set) var pvStepsDown = 0
    public private(set) var pvShutDowns = 0
    /// Largest and mean deviation of a battery's share from the mean, % of rating, over one-second
    /// means, all converters on, nothing happening for ten seconds.
    public private(set) var worstSharing_percent = 0.0
    private var sharingSum = 0.0
    private var sharingCount = 0
    private var quiet_s = 0.0
    private var second: [Double]
    private var secondTicks = 0
    private var mainWas: [Bool]
    private var openFor_s: [Double]
    private var wasOn: [Bool]
    /// Out of the cells, one tick ago: what a contactor that parts now interrupts.
    private var before_A: [Double]
    private var preChargeFrom_s: [Double?]
    private var loadsWere: UInt8 = 0x7
    private var pvWas = 1.0
    private let dt: Double

    init(_ site: DCSite) {
        let n = site.batteries.count
        batteries = Array(repeating: Battery(), count: n)
        second = Array(repeating: 0, count: n)
        mainWas = Array(repeating: false, count: n)
        wasOn = mainWas
        before_A = second
        openFor_s = Array(repeating: 1, count: n)
        preChargeFrom_s = Array(repeating: nil, count: n)
        dt = 1 / site.sensing.rate_Hz
    }
    public var meanSharing_percent: Double {
        sharingCount > 0 ? sharingSum / Double(sharingCount) : .nan
    }
    /// Something happened that sharing needs time to forget.
    mutating func disturb() { quiet_s = 0 }

    mutating func take(_ site: DCSite) {
        let n = site.nanogrid
        length_s += dt
        let v = n.bus_V
        highest_V = max(highest_V, v)
        if n.isAlive {
            alive_s += dt
            lowest_V = min(lowest_V, v)
        }
        if abs(v / n.description.voltage_V - 1) <= 0.05 { inBand_s += dt }
        pv_J += n.pvPower_W * dt
        pvAvailable_J += n.pvAvailable_W * dt
        served_J -= n.loadPower_W * dt
        unserved_J += max(0, n.wanted_W + (n.isAlive ? n.loadPower_W : 0)) * dt
        for k in batteries.indices { takeBattery(site, k) }
        takeLoadsAndPV(site)
        takeSharing(site)
    }

    private mutating func takeBattery(_ site: DCSite, _ k: Int) {
        let unit = site.nanogrid.batteries[k], record = site.batteries[k].record
        if unit.power_W > 0 {
            batteries[k].out_J += unit.power_W * dt
        } else {
            batteries[k].in_J -= unit.power_W * dt
        }
        batteries[k].through_C += abs(unit.batteryCurrent_A) * dt
        if case .preCharging? = record.contactor {
            preChargeFrom_s[k] = preChargeFrom_s[k] ?? site.time_s
        } else if !record.command.outputs[Output.mainContactor] {
            preChargeFrom_s[k] = nil
        }
        let main = unit.main.isConducting
        if main && !mainWas[k] && openFor_s[k] > 0.02 {
            let across = abs(unit.battery.terminalVoltage_V - unit.link.voltage_V)
            batteries[k].worstTouch_V = max(batteries[k].worstTouch_V, across)
            if let from = preChargeFrom_s[k] {
                batteries[k].preCharges_s.append(site.time_s - from)
            }
            preChargeFrom_s[k] = nil
        }
        if !main && mainWas[k] && record.contactor != nil, !isBouncing(record.contactor!) {
            if abs(before_A[k]) > 1 {
                batteries[k].openingsHot += 1
            } else {
                batteries[k].openingsCold += 1
            }
        }
        openFor_s[k] = main ? 0 : openFor_s[k] + dt
        mainWas[k] = main
        let on = record.command.converter.isOn
        if wasOn[k] && !on { batteries[k].trips += 1 }
        wasOn[k] = on
        before_A[k] = unit.batteryCurrent_A
    }
    private func isBouncing(_ state: ContactorState) -> Bool {
        switch state {
        case .closing, .settling: true
        case .open, .preCharging, .closed, .opening, .waiting, .welded: false
        }
    }

    private mutating func takeLoadsAndPV(_ site: DCSite) {
        let loads = site.batteries[0].record.loads & 0x7
        sheds += (loadsWere & ~loads).nonzeroBitCount
        restores += (loads & ~loadsWere).nonzeroBitCount
        if loads != loadsWere { quiet_s = 0 }
        loadsWere = loads
        let pv = site.nanogrid.pvAllowed
        if pv < pvWas {
            if pv > 0 { pvStepsDown += 1 } else if site.nanogrid.isAlive { pvShutDowns += 1 }
        }
        if pv != pvWas { quiet_s = 0 }
        pvWas = pv
    }

    private mutating func takeSharing(_ site: DCSite) {
        quiet_s += dt
        let units = site.nanogrid.batteries
        guard quiet_s > 10, units.allSatisfy({ $0.isRunning }) else {
            secondTicks = 0
            for k in second.indices { second[k] = 0 }
            return
        }
        for k in second.indices { second[k] += units[k].current_A / units[k].description.rating_A }
        secondTicks += 1
        guard Double(secondTicks) * dt >= 1 - dt / 2 else { return }
        let shares = second.map { $0 / Double(secondTicks) }
        let mean = shares.reduce(0, +) / Double(shares.count)
        let worst = 100 * shares.map { abs($0 - mean) }.max()!
        worstSharing_percent = max(worstSharing_percent, worst)
        sharingSum += worst
        sharingCount += 1
        secondTicks = 0
        for k in second.indices { second[k] = 0 }
    }

    /// Equivalent full cycles: half of what went through the cells over their capacity.
    func cycles(_ site: DCSite, _ k: Int) -> Double {
        batteries[k].through_C / 2 / (3600 * site.nanogrid.batteries[k].battery.capacity_Ah)
    }
}
