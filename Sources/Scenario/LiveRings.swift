import BoardProfile
import Control
import Loop

/// The newest turns of each controller of a run in real time, for whoever reads them, and what others ask
/// of it: the run never waits for any of them.
public final class LiveRings {
    struct One {
        var name: String
        var ring: TurnRing
        var checkpoints: CheckpointBox
        var wishes: WishBox
        var stages: [String]
        var limits: SetpointLimits
    }
    let all: [One]

    /// Begins before the run's first turn. It is the only listener of the run's sites, all of which are of
    /// the scenario's profile.
    public init(_ run: any SimulatedRun, _ scenario: Scenario) {
        all = run.sites.compactMap { site in
            let name = site.name
            guard let settings = scenario.profile.settings(of: name, scenario.sensing) else {
                return nil
            }
            let ring = TurnRing(rate_Hz: scenario.sensing.rate_Hz)
            let one = One(
                name: name, ring: ring, checkpoints: CheckpointBox(ring), wishes: WishBox(),
                stages: scenario.profile.stages(of: name).map(\.name),
                limits: settings.limits)
            let checkpoints = one.checkpoints
            site.asked = one.wishes
            site.listener = { site, wish in
                ring.push(
                    site.runner.sample, wish, site.runner.record, hadLetGo: site.runner.hadLetGo)
                if checkpoints.isAsked {
                    checkpoints.offer(site.runner.controller, after: site.runner.record.tick)
                }
            }
            return one
        }
    }
}
