import BoardProfile
import Control
import Foundation
import Testing

@Suite("Mutated boards")
struct BoardMutationTests {
    /// SplitMix64 (Steele, Lea and Flood 2014).
    private struct Dice {
        var state: UInt64
        mutating func next(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((z ^ (z >> 31)) >> 33) % bound
        }
    }
    private let words = [
        "0", "-1", "1e9", "1e-9", ".nan", "null", "50", "60", "0.5", "1.5", "100", "pcc", "mill",
        "over", "under", "[]", "{}", "true", "grid_frequency", "state_of_charge", "7000", "16",
    ]

    @Test("A thousand changed values: no trap, no value out of range", arguments: 0..<4)
    func mutate(_ seed: Int) throws {
        let path = boardsFolder + "/sim-village/board.yaml"
        let code = boardsFolder + "/grid-codes/en-50549-1.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let codeText = try String(contentsOfFile: code, encoding: .utf8)
        let value = try NSRegularExpression(pattern: "(?<=: )[A-Za-z0-9_.-]+")
        let places = value.matches(in: text, range: NSRange(text.startIndex..., in: text))
        var dice = Dice(state: UInt64(seed))
        var accepted = 0
        var fault: String?
        for _ in 0..<250 {
            var changed = text as NSString
            // From the end, so that the places before stay where they are.
            let at = (0...dice.next(2)).map { _ in dice.next(places.count) }.sorted(by: >)
            for n in Set(at).sorted(by: >) {
                changed =
                    changed.replacingCharacters(
                        in: places[n].range, with: words[dice.next(words.count)]) as NSString
            }
            let files = ["v/board.yaml": changed as String, "grid-codes/en-50549-1.yaml": codeText]
            let reading = SiteProfile.section.read("v/board.yaml", in: BoardFolder(memory: files))
            guard let site = reading.value else {
                if reading.errors.isEmpty { fault = fault ?? "refused without a reason" }
                continue
            }
            accepted += 1
            if let wrong = wrong(site) { fault = fault ?? "\(wrong) in\n\(changed)" }
            // Whatever is accepted can be turned into settings and started.
            let sheet = SettingsSheet(site)
            if sheet.controllers.count != site.homes.count + 1 { fault = fault ?? "\(changed)" }
            for home in site.homes { _ = Controller(site.settings(home, site.sensing)) }
            if let coupling = site.couplingSettings(site.sensing) { _ = Controller(coupling) }
        }
        #expect(fault == nil)
        #expect((20..<230).contains(accepted), "\(accepted) of 250 prove little")
    }

    /// The first value that should not have got in.
    private func wrong(_ s: SiteProfile) -> String? {
        if !(50...10_000).contains(s.rate_Hz) || !(1...20).contains(s.samplesPerTick) {
            return "rate"
        }
        if s.rate_Hz * Double(s.samplesPerTick) < 2000 { return "samples" }
        let steps = 20_000 / s.rate_Hz
        if steps != steps.rounded() || Int(steps) % s.samplesPerTick != 0 { return "steps" }
        if s.frequency_Hz != 50 && s.frequency_Hz != 60 { return "frequency" }
        if s.phases != 1 && s.phases != 3 { return "phases" }
        if !(50...1000).contains(s.voltage_V) { return "voltage" }
        if !(s.networkStep <= 2.3) { return "network" }
        let names = s.homes.map(\.name) + [s.coupling?.name ?? ""]
        if Set(names).count != names.count { return "names" }
        for h in s.homes {
            if !(100...1_000_000).contains(h.rating_VA) { return "rating" }
            if !(0...1).contains(h.charge) || !(h.emptyAt < h.charge) { return "charge" }
            if !(0.5...1).contains(h.powerFactor) { return "power factor" }
            if !zip(h.shedding.below, h.shedding.below.dropFirst()).allSatisfy(>=) { return "shed" }
            if !(h.shedding.restoreAbove > h.shedding.below[0]) { return "restore" }
            if h.stages.count > 24 { return "stages" }
        }
        for stage in s.gridCode.stages + s.homes.flatMap(\.stages) {
            if !stage.pickup.isFinite || !(0...3600).contains(stage.clearing_s) { return "stage" }
        }
        return nil
    }
}
