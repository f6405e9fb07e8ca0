import BoardProfile

/// The village the bench drives: four homes of different size behind one islanding switch.
enum SampleVillage {
    static var profile: SiteProfile {
        var p = SiteProfile()
        p.name = "bench"
        var coupling = CouplingProfile()
        coupling.enterDelay_s = 5
        p.coupling = coupling
        p.homes = [
            home("mill", rating_VA: 5000, pv_W: 4000, comfort_W: 900),
            home("smithy", rating_VA: 8000, pv_W: 0, comfort_W: 1500),
            home("school", rating_VA: 5000, pv_W: 3000, comfort_W: 700),
            home("inn", rating_VA: 10_000, pv_W: 5000, comfort_W: 2500),
        ]
        p.homes[0].blackStartAfter_s = 10
        p.gridCode.stages = [
            stage("UV2", "grid_voltage_low", "under", 0.45, 0.16, "island"),
            stage("UV1", "grid_voltage_low", "under", 0.80, 2.0, "island"),
            stage("OV", "grid_voltage_high", "over", 1.2, 0.1, "island"),
            stage("UF", "grid_frequency", "under", 47.5, 0.2, "island"),
            stage("OF", "grid_frequency", "over", 51.5, 0.2, "island"),
            stage("ROCOF", "grid_rocof", "over", 1.0, 0.5, "island"),
        ]
        return p
    }

    private static func home(
        _ name: String, rating_VA: Double, pv_W: Double, comfort_W: Double
    ) -> HomeProfile {
        var h = HomeProfile()
        h.name = name
        h.rating_VA = rating_VA
        h.pv_W = pv_W
        h.comfort_W = comfort_W
        h.stages = [
            stage("UV", "bus_voltage_low", "under", 0.4, 2.0, "trip_source"),
            stage("OV", "bus_voltage_high", "over", 1.25, 0.2, "trip_source"),
        ]
        return h
    }

    private static func stage(
        _ name: String, _ watched: String, _ sense: String, _ pickup: Double, _ clearing_s: Double,
        _ action: String
    ) -> StageProfile {
        var s = StageProfile()
        s.name = name
        s.watched = watched
        s.sense = sense
        s.pickup = pickup
        s.clearing_s = clearing_s
        s.action = action
        return s
    }
}
