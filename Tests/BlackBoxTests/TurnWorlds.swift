import BoardProfile
import Control
import Loop
import Plant
import Scenario

@testable import Wire

/// Controllers on simulated boards, turn by turn.
enum TurnWorld: String, CaseIterable {
    case dc48, homeByChip, homeByWaveform, couplingByWaveform

    static let boards =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        + "/boards/"

    var perSecond: Double { self == .homeByChip ? 100 : 1000 }

    /// Lives `turns` turns, the first of a life of `whole`; the grid goes after a third of them.
    func live(
        _ turns: Int, of whole: Int? = nil, seed: UInt64,
        each: (KeptTurn, Controller, Record) -> Void
    ) {
        let whole = whole ?? turns
        switch self {
        case .dc48:
            let site = DCSite(.referenceNanogrid(), seed: seed)
            for n in 0..<turns {
                if n == whole / 3 { site.apply(.demand(home: nil, factor: 1.5)) }
                if n == whole / 2 {
                    site.apply(.sensor(board: "battery1", .scalar(.batteryVoltage), .nan))
                }
                site.turn()
                Self.give(site.batteries[0], site.batteries[0].wish, each)
            }
        case .homeByChip, .homeByWaveform, .couplingByWaveform:
            guard let profile = SiteProfile.load(Self.boards + "sim-village").value else { return }
            let village =
                self == .homeByChip
                ? Village(
                    profile, sensing: Sensing(rate_Hz: 100, samplesPerTick: 0),
                    fidelity: .phasor(), seed: seed)
                : Village(profile, fidelity: .waveform(), seed: seed)
            for n in 0..<turns {
                if n == whole / 3 { village.apply(.grid(.loss)) }
                // A home's next wish is set after its turn.
                let wish = village.homes[0].wish
                village.turn()
                if self == .couplingByWaveform {
                    Self.give(village.coupling, village.coupling.wish, each)
                } else {
                    Self.give(village.homes[0], wish, each)
                }
            }
        }
    }
    private static func give(
        _ site: Site, _ wish: Setpoints, _ each: (KeptTurn, Controller, Record) -> Void
    ) {
        each(
            KeptTurn(
                sample: site.runner.sample, wish: wish, hadLetGo: site.runner.hadLetGo,
                record: site.runner.record), site.runner.controller, site.runner.record)
    }
}
