import BoardProfile

/// A village for tests, made here so that no test depends on the shipped board.
enum VillageFixture {
    static var site: SiteProfile {
        var p = SiteProfile()
        p.name = "test-village"
        p.title = "Test village"
        p.coupling = CouplingProfile()
        p.coupling!.enterDelay_s = 2
        p.coupling!.deadBus_s = 0.5
        p.gridCode.stages = [
            stage("UV2", "grid_voltage_low", "under", 0.45, 0.16, "island"),
            stage("UV1", "grid_voltage_low", "under", 0.80, 2, "island"),
            stage("OV1", "grid_voltage_high", "over", 1.2, 0.1, "island"),
            stage("UF1", "grid_frequency", "under", 47.5, 0.2, "island"),
            stage("OF1", "grid_frequency", "over", 51.5, 0.2, "island"),
            stage("ROCOF", "grid_rocof", "over", 1, 0.5, "island"),
        ]
        p.homes = [home("mill", 5000, 4000), home("smithy", 8000, 0), home("inn", 10_000, 5000)]
        p.homes[0].blackStartAfter_s = 6
        return p
    }

    private static func home(_ name: String, _ rating: Double, _ pv: Double) -> HomeProfile {
        var h = HomeProfile()
        h.name = name
        h.rating_VA = rating
        h.pv_W = pv
        h.comfort_W = rating * 0.15
        h.stages = [
            stage("UV", "bus_voltage_low", "under", 0.4, 2, "trip_source"),
            stage("OV", "bus_voltage_high", "over", 1.25, 0.2, "trip_source"),
        ]
        return h
    }
    private static func stage(
        _ name: String, _ watched: String, _ sense: String, _ pickup: Double, _ clearing: Double,
        _ action: String
    ) -> StageProfile {
        var s = StageProfile()
        s.name = name
        s.watched = watched
        s.sense = sense
        s.pickup = pickup
        s.clearing_s = clearing
        s.action = action
        return s
    }
}
