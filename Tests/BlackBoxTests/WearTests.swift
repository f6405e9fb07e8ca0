import Control
import Testing
import Wire

@testable import BlackBox

@Suite("Wear", .disabled(if: isSanitized))
struct WearTests {
    /// Waves, samples and scalars as the simulated boards have them.
    private func figure(_ world: TurnWorld, _ settings: BlackBoxSettings) -> WearFigure {
        var waves = 0
        var samples = 0
        var scalars = 0
        world.live(5, seed: 1) { turn, _, _ in
            waves = (0..<9).filter { turn.sample.waves[$0].age != .max }.count
            samples = turn.sample.blockLength
            scalars = (0..<20).filter { turn.sample.scalars[$0].age != .max }.count
        }
        return WearFigure(
            settings, ticksPerSecond: world.perSecond, waves: waves, samplesPerTick: samples,
            scalars: scalars)
    }

    @Test(
        "What a day takes is as was worked out, and below the worst", arguments: TurnWorld.allCases)
    func measured(world: TurnWorld) {
        var s = BlackBoxSettings()
        s.ringBytes = 16 << 20
        let rig = Rig(perSecond: world.perSecond, s)
        let turns = Int(world.perSecond) * (world.perSecond == 100 ? 60 : 12)
        rig.live(world, turns, seed: 9)
        rig.stop()
        let seconds = Double(turns) / world.perSecond
        let ring = Double(rig.keeper.ringBytes)
        let perDay = ring / seconds * 86_400
        let figure = figure(world, s)
        print(
            "figure \(world): \(Int(perDay / 1e6)) MB a day, worked out \(Int(figure.typical / 1e6)), "
                + "worst \(Int(figure.worst / 1e6))")
        #expect(perDay < figure.worst)
        #expect(perDay > figure.typical / 2 && perDay < figure.typical * 1.5)
    }

    @Test("Figures hold together, and their words name what does not fit")
    func words() {
        let s = BlackBoxSettings()
        let dc = WearFigure(s, ticksPerSecond: 1000, waves: 0, samplesPerTick: 0, scalars: 8)
        #expect(dc.typical < dc.worst && dc.ringTypical_h > dc.ringWorst_h)
        #expect(dc.stallTypical_s > 10 && dc.words.count == 2)
        let ac = WearFigure(s, ticksPerSecond: 1000, waves: 9, samplesPerTick: 20, scalars: 20)
        #expect(ac.typical > ac.allowed && ac.words.count == 3)
        #expect(ac.stallTypical_s > 10)
        #expect(ac.most <= ac.allowed * 1.05)
    }
}
