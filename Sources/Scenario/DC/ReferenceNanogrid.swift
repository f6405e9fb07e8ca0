import BoardProfile

extension SiteProfile {
    /// A 48 V site of two equal batteries, for measurements and trials: the figures published about
    /// DC sharing are of this site.
    public static func referenceNanogrid(batteries: Int = 2) -> SiteProfile {
        var p = SiteProfile()
        p.name = "reference-dc48"
        p.title = "48 V DC nanogrid"
        p.samplesPerTick = 0
        var site = NanogridProfile()
        site.batteries = (0..<batteries).map { k in
            var b = DCBatteryProfile()
            b.name = "battery\(k + 1)"
            return b
        }
        // Full load droops two batteries to 46 V; shedding begins below what droop explains.
        site.shedding.below = [45.5, 45.0, 44.5]
        site.shedding.after_s = 0.8
        site.shedding.atCharge = [0.4, 0.3, 0.2]
        site.shedding.restoreAbove = 46
        site.shedding.restoreAfter_s = 3
        p.nanogrid = site
        return p
    }
}
