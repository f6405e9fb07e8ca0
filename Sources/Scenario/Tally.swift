import Blocks
import Control
import Plant
import SimBoard
import Words

/// Sums over a whole run, taken every tick from the true plant, not from what sensors say.
public struct Tally: Sendable {
    public struct Home: Sendable {
        public var batteryOut_J = 0.0
        public var batteryIn_J = 0.0
        public var pv_J = 0.0
        public var pvAvailable_J = 0.0
        public var wind_J = 0.0
        public var charging_J = 0.0
        public var served_J = 0.0
        public var unserved_J = 0.0
        /// Of the loads that are never shed: seconds with and without supply.
        public var critical_s = 0.0
    }
    /// One opening of the islanding switch and what followed.
    public struct Islanding: Sendable {
        public var lost_s: Double?
        public var opened_s: Double
        public var reason = ""
        public var lowest_Hz = Double.infinity
        public var highest_Hz = -Double.infinity
        public var lowest_pu = Double.infinity
        /// Time the bus voltage was below 0.9 in the two seconds around the opening.
        public var dip_s = 0.0
        public var closed_s: Double?
        /// At the touch of the contacts: true angle, slip and voltage difference; and the largest
        /// current in the second after, as a multiple of the switch's rating.
        public var angle_deg = 0.0
        public var slip_Hz = 0.0
        public var difference_percent = 0.0
        public var inrush = 0.0
        /// The bus was dead: a black start from the grid, with no angle to speak of.
        public var wasDead = false
    }
    private struct Before: Sendable {
        var bus_pu = 0.0, angle_deg = 0.0, slip_Hz = 0.0, difference_percent = 0.0
    }
    private var before = Before()
    public private(set) var homes: [Home]
    public private(set) var islandings: [Islanding] = []
    public private(set) var gridIn_J = 0.0
    public private(set) var gridOut_J = 0.0
    public private(set) var live_s = 0.0
    public private(set) var inBand_s = 0.0
    public private(set) var islanded_s = 0.0
    public private(set) var length_s = 0.0
    /// Largest and mean deviation of a source's share from the mean, % of rating, over one-second
    /// means taken in an island that has been quiet for five seconds.
    public private(set) var worstSharing_percent = 0.0
    private var sharingSum = 0.0
    private var sharingCount = 0
    private var secondSums: [Double]
    private var secondTicks = 0
    private var quiet_s = 0.0
    private var wasClosed = false
    private var hasLived = false
    private var lastGridLoss_s: Double?
    private let dt: Double
    private let rating_A: Double
    private let startCharge: [Double]

    init(_ village: Village) {
        homes = Array(repeating: Home(), count: village.homes.count)
        secondSums = Array(repeating: 0, count: village.homes.count)
        dt = 1 / village.sensing.rate_Hz
        rating_A = village.profile.coupling!.rated_A * 2.0.squareRoot()
        startCharge = village.microgrid.homes.map { $0.battery.charge }
    }
    public var meanSharing_percent: Double {
        sharingCount > 0 ? sharingSum / Double(sharingCount) : .nan
    }

    /// Something happened that sharing needs time to forget.
    mutating func disturb() { quiet_s = 0 }
    mutating func gridLost(at time_s: Double) { lastGridLoss_s = time_s }

    mutating func take(_ village: Village) {
        let m = village.microgrid, n = m.network
        let time_s = village.time_s
        let closed = m.islandingSwitch.isConducting
        let v = m.rms(node: 1) / m.description.nominalVoltage_V
        let f = n.frequency(node: 1)
        let nominal = m.description.nominalFrequency_Hz
        // Service counts from when the village first comes alive.
        if v > 0.9 { hasLived = true }
        if hasLived { length_s += dt }
        if hasLived && v > 0.5 { live_s += dt }
        if v >= 0.9 && v <= 1.1 && abs(f - nominal) <= 0.01 * nominal { inBand_s += dt }
        let import_W = power(n.voltage(node: 1), n.current(branch: 0)).x
        if import_W > 0 { gridIn_J += import_W * dt } else { gridOut_J -= import_W * dt }
        takeHomes(village)
        takeIslanding(village, closed: closed, v: v, f: f, at: time_s)
        if !closed && hasLived { islanded_s += dt }
        takeSharing(village, closed: closed)
        wasClosed = closed
    }

    private mutating func takeHomes(_ village: Village) {
        let m = village.microgrid, n = m.network
        for h in homes.indices {
            let home = m.homes[h]
            let inverter = n.isRunning(former: h) ? n.power(former: h).P_W : 0
            let battery = home.description.isSolar ? 0 : inverter
            if home.description.isSolar { homes[h].pv_J += inverter * dt }
            if battery > 0 {
                homes[h].batteryOut_J += battery * dt
            } else {
                homes[h].batteryIn_J -= battery * dt
            }
            homes[h].pv_J += n.power(follower: 3 * h).P_W * dt
            homes[h].pvAvailable_J += home.pvAvailable_W * dt
            homes[h].wind_J += n.power(follower: 3 * h + 1).P_W * dt
            homes[h].charging_J -= n.power(follower: 3 * h + 2).P_W * dt
            let alive = m.isSound(node: 2 + h)
            let served = -(0..<3).reduce(0.0) { $0 + n.power(load: 3 * h + $1).P_W }
            homes[h].served_J += served * dt
            guard hasLived else { continue }
            homes[h].unserved_J += (home.wanted_W - (alive ? home.connected_W : 0)) * dt
            if alive { homes[h].critical_s += dt }
        }
    }

    private mutating func takeIslanding(
        _ village: Village, closed: Bool, v: Double, f: Double, at time_s: Double
    ) {
        let m = village.microgrid
        if wasClosed && !closed {
            islandings.append(Islanding(lost_s: lastGridLoss_s, opened_s: time_s))
            lastGridLoss_s = nil
            quiet_s = 0
        }
        if !wasClosed && closed {
            if islandings.isEmpty { islandings.append(Islanding(lost_s: nil, opened_s: 0)) }
            let k = islandings.count - 1
            islandings[k].closed_s = time_s
            islandings[k].wasDead = before.bus_pu < 0.2
            islandings[k].angle_deg = before.angle_deg
            islandings[k].slip_Hz = before.slip_Hz
            islandings[k].difference_percent = before.difference_percent
        }
        // What is true before the contacts touch; 50 ms of averaging take noise out of the slip.
        let slip = m.network.frequency(node: 0) - f
        before = Before(
            bus_pu: v, angle_deg: m.trueAngleAcross_deg,
            slip_Hz: before.slip_Hz + (slip - before.slip_Hz) * min(1, dt / 0.05),
            difference_percent: 100 * (m.rms(node: 0) - m.rms(node: 1))
                / m.description.nominalVoltage_V)
        guard let k = islandings.indices.last else { return }
        if islandings[k].closed_s == nil {
            if case .islanded(let reason, _, _)? = village.coupling.record.islanding {
                islandings[k].reason = reason.words
            }
            if v > 0.5 {
                islandings[k].lowest_Hz = min(islandings[k].lowest_Hz, f)
                islandings[k].highest_Hz = max(islandings[k].highest_Hz, f)
            }
            islandings[k].lowest_pu = min(islandings[k].lowest_pu, v)
            if v < 0.9 && time_s < islandings[k].opened_s + 2 { islandings[k].dip_s += dt }
        } else if time_s < islandings[k].closed_s! + 1 {
            islandings[k].inrush = max(
                islandings[k].inrush, m.network.current(branch: 0).length / rating_A)
        }
    }

    private mutating func takeSharing(_ village: Village, closed: Bool) {
        let n = village.microgrid.network
        quiet_s += dt
        let forming = village.homes.allSatisfy { $0.record.source == .forming }
        guard !closed, forming, quiet_s > 5 else {
            secondTicks = 0
            for h in secondSums.indices { secondSums[h] = 0 }
            return
        }
        for h in secondSums.indices {
            secondSums[h] += n.power(former: h).P_W / village.profile.homes[h].rating_VA
        }
        secondTicks += 1
        if Double(secondTicks) * dt >= 1 - dt / 2 {
            let shares = secondSums.map { $0 / Double(secondTicks) }
            let mean = shares.reduce(0, +) / Double(shares.count)
            let worst = 100 * shares.map { abs($0 - mean) }.max()!
            worstSharing_percent = max(worstSharing_percent, worst)
            sharingSum += worst
            sharingCount += 1
            secondTicks = 0
            for h in secondSums.indices { secondSums[h] = 0 }
        }
    }

    /// Equivalent full cycles of a home's battery: half of what went out and in over its capacity.
    func cycles(_ village: Village, home h: Int) -> Double {
        let capacity_J = village.profile.homes[h].battery_kWh * 3.6e6
        return (homes[h].batteryOut_J + homes[h].batteryIn_J) / 2 / capacity_J
    }
}
