import BoardProfile
import Plant

/// Unplanned islands at a given balance of generation and load, and sags that must not make one.
/// What `skerry-measure islanding` prints and tests hold to their bars.
public struct IslandingStudy: Sendable {
    /// One unplanned island.
    public struct Outcome: Sendable {
        public var balance: Double
        /// From the loss of the grid to open contacts, s; nil: never opened.
        public var opened_s: Double?
        public var lowest_Hz: Double
        public var highest_Hz: Double
        public var lowest_pu: Double
        /// Time below 0.9 pu in the two seconds after opening, s.
        public var dip_s: Double
        public var sharing_percent: Double
        /// Angle and inrush (of the switch's rating) when it closed again; nil: never.
        public var angle_deg: Double?
        public var inrush: Double?
    }

    /// The grid is lost at 6 s from a village in which sources feed `balance` times what the loads
    /// take, and returns at 15 s.
    public static func unplanned(_ base: SiteProfile, balance: Double, seed: UInt64) -> Outcome {
        var profile = base
        profile.coupling!.enterDelay_s = 2
        profile.coupling!.deadBus_s = 0.5
        // The batteries are scheduled for what the loads take times the balance; sun and wind rest.
        let rating = profile.homes.reduce(0) { $0 + $1.rating_VA }
        let load = profile.homes.reduce(0) { $0 + $1.critical_W + $1.comfort_W + $1.deferrable_W }
        for h in profile.homes.indices {
            profile.homes[h].pv_W = 0
            profile.homes[h].wind_W = 0
            profile.homes[h].ev_W = 0
            profile.homes[h].scheduled_W = balance * load * profile.homes[h].rating_VA / rating
        }
        var scenario = Scenario(
            title: "Island at \(balance)", profile: profile, duration_s: 26, seed: seed,
            happenings: [
                ScheduledHappening(at_s: 9, text: "grid fails", .grid(.loss)),
                ScheduledHappening(at_s: 17, text: "grid returns", .grid(.restoration())),
            ])
        scenario.irradiance_Wm2 = 0
        var simulation = Simulation(scenario, command: "")
        while !simulation.isDone { simulation.step() }
        let island = simulation.tally.islandings.first { $0.opened_s > 0 }
        return Outcome(
            balance: balance, opened_s: island.map { $0.opened_s - 9 },
            lowest_Hz: island?.lowest_Hz ?? .nan, highest_Hz: island?.highest_Hz ?? .nan,
            lowest_pu: island?.lowest_pu ?? .nan, dip_s: island?.dip_s ?? .nan,
            sharing_percent: simulation.tally.worstSharing_percent,
            angle_deg: island?.closed_s == nil ? nil : island?.angle_deg,
            inrush: island?.closed_s == nil ? nil : island?.inrush)
    }

    /// What a disturbance of a grid that never left did.
    public struct Ridden: Sendable {
        /// The switch opened: a false islanding.
        public var islanded = false
        /// Sources that tripped at least once, by home.
        public var tripped: Set<String> = []
    }

    /// The disturbance of `row` from `at_s` on, and two and a half seconds after its end.
    public static func ride(
        _ base: SiteProfile, _ row: RideThrough.Row, at_s: Double, seed: UInt64
    ) -> Ridden {
        var profile = base
        profile.coupling!.enterDelay_s = 1
        profile.coupling!.deadBus_s = 0.5
        let scenario = Scenario(
            title: "Sag", profile: profile, duration_s: at_s + row.seconds + 2.5, seed: seed,
            happenings: [
                ScheduledHappening(
                    at_s: at_s, text: "sag", .grid(.voltage_pu(row.pu, jump_deg: row.jump_deg))),
                ScheduledHappening(
                    at_s: at_s + row.seconds, text: "end",
                    .grid(.voltage_pu(1, jump_deg: -row.jump_deg))),
            ])
        var simulation = Simulation(scenario, command: "")
        var ridden = Ridden()
        while !simulation.isDone {
            simulation.step()
            for site in simulation.village.homes {
                if case .tripped? = site.record.source { ridden.tripped.insert(site.name) }
            }
        }
        ridden.islanded = simulation.tally.islandings.contains { $0.opened_s > at_s }
        return ridden
    }
}
