/// When loads are given up: group 0 charging, 1 deferrable, 2 comfort. Critical is never shed.
public struct SheddingProfile: Sendable, Equatable {
    /// Hz on AC sites, V on DC sites; one for each group.
    public var below: [Double] = [49.35, 49.2, 49.0]
    public var after_s = 0.5
    public var atCharge: [Double] = [0.5, 0.3, 0.15]
    /// Above this a group returns, when the charge is `chargeMargin` above its limit.
    public var restoreAbove = 49.7
    public var chargeMargin = 0.05
    public var restoreAfter_s = 10.0
    public init() {}

    /// For a bus of 48 V, which full load droops to 46 V.
    static var direct: SheddingProfile {
        var shedding = SheddingProfile()
        shedding.below = [45.5, 45.0, 44.5]
        shedding.after_s = 0.8
        shedding.restoreAbove = 46
        return shedding
    }
}

extension SheddingProfile {
    static let groups = ["charging", "deferrable", "comfort"]

    subscript(charge_percent group: Int) -> Double {
        get { scaled(atCharge[group], by: 100, over: 1) }
        set { atCharge[group] = scaled(newValue, by: 1, over: 100) }
    }
    var chargeMargin_percent: Double {
        get { scaled(chargeMargin, by: 100, over: 1) }
        set { chargeMargin = scaled(newValue, by: 1, over: 100) }
    }

    static let frequencySection = section("Hz", "frequency", 40...65, SheddingProfile())
    static let voltageSection = section("V", "bus voltage", 5...1000, .direct)

    private static func section(
        _ unit: String, _ level: String, _ range: ClosedRange<Double>, _ empty: SheddingProfile
    ) -> Section<SheddingProfile> {
        Section("Shedding", of: empty, "When loads are given up in an island, and taken back.") {
            s in
            for (n, name) in groups.enumerated() {
                s.group(name, "Group \(name)", "When \(name) loads are given up.") { s in
                    s.number(
                        "below_\(unit)", \.below[n], range, "Shed below this \(level).")
                    s.number(
                        "at_charge_percent", \.[charge_percent: n], 0...100,
                        "Shed at or below this charge of the battery.")
                }
            }
            s.duration(
                "after_s", \.after_s, 0.02...60, "Beyond a limit this long, a group is shed.")
            s.number(
                "restore_above_\(unit)", \.restoreAbove, range,
                "Groups return, one by one, above this \(level).")
            s.number(
                "charge_margin_percent", \.chargeMargin_percent, 0...50,
                "A group returns only with this much more charge than its limit.")
            s.duration(
                "restore_after_s", \.restoreAfter_s, 0...3600,
                "Wait before each group's return.")
            s.rule { shedding, check in
                shedding.checkOrder("below_\(unit)", shedding.below, &check)
                shedding.checkOrder("at_charge_percent", shedding.atCharge, &check)
                if shedding.restoreAbove <= shedding.below[0] {
                    check.refuse(
                        \.restoreAbove, "would restore what is shed at once",
                        "make it more than charging.below_\(unit) (\(plain(shedding.below[0])))")
                }
            }
        }
    }

    private func checkOrder(
        _ key: String, _ limits: [Double], _ check: inout Check<SheddingProfile>
    ) {
        for n in 1..<limits.count where limits[n] > limits[n - 1] {
            check.refuse(
                key: "\(Self.groups[n]).\(key)",
                "sheds \(Self.groups[n]) loads before \(Self.groups[n - 1])",
                "make it at most \(Self.groups[n - 1]).\(key)")
        }
    }
}
