import BoardProfile
import Control
import HAL
import Loop
import Plant
import Scenario
import SimBoard

/// A point of common coupling and a home on one simulated plant, turned as the real loop turns them:
/// sample, tick, act, and the home's turn into the ring. What it takes to prove a loop quiet.
struct QuietSite: ~Copyable {
    let microgrid: Microgrid
    let ring = TurnRing()
    private(set) var coupling: Runner<SimBoard>
    private(set) var home: Runner<SimBoard>

    /// - Parameters:
    ///   - rate_Hz: ticks a second, 1 ... 100 000.
    ///   - samplesPerTick: samples of each waveform in a tick, 1 ... 20.
    ///   - seed: decides every error and noise.
    init(rate_Hz: Double, samplesPerTick: Int = 4, seed: UInt64) {
        var profile = SampleVillage.profile
        profile.homes = [profile.homes[0]]
        let sensing = Sensing(rate_Hz: rate_Hz, samplesPerTick: samplesPerTick)
        let random = Random(seed: seed)
        let microgrid = Microgrid(
            profile.microgrid, ticksPerSecond: rate_Hz, samplesPerTick: samplesPerTick,
            fidelity: .phasor(step_s: 1 / rate_Hz), random: random)
        func runner(
            _ settings: ControllerSettings, _ port: any PlantPort, _ name: String
        ) -> Runner<SimBoard> {
            Runner(
                board: SimBoard(
                    profile.simulatedBoard(for: settings, sensing, random: random.fork(name)),
                    port: port, random: random.fork("noise \(name)")),
                controller: Controller(settings))
        }
        self.microgrid = microgrid
        coupling = runner(profile.couplingSettings(sensing)!, CouplingPort(microgrid), "coupling")
        home = runner(
            profile.settings(profile.homes[0], sensing), HomePort(microgrid, home: 0), "home")
    }

    /// The controllers' part of a tick, after the plant's (`Microgrid.tick`). The home hears at once
    /// what the coupling does; a neighbour's link and its delays are no part of a loop.
    mutating func turn(_ now: Tick) {
        let expires = now + 1000
        coupling.turn(now, wanting: Setpoints(expires: expires, guarded: true))
        let record = coupling.record
        let wish = Setpoints(
            expires: expires, tied: record.islanding == .gridTied,
            frequencyBias: record.frequencyBias, voltageBias: record.voltageBias)
        home.turn(now, wanting: wish)
        ring.push(home.sample, wish, home.record, hadLetGo: home.hadLetGo)
    }

    /// Lays a fault on a sensor of the home, or clears it with nil.
    mutating func fault(_ place: FaultPlace, _ fault: SensorFault?) {
        home.board.fault(place, fault)
    }
    /// The home's driver fails in every call while this is set.
    mutating func fail(_ fault: BoardFault?) { home.board.driverFault = fault }
}
