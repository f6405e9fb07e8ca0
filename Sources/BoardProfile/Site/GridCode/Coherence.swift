// What of a grid code, or of one that a board has narrowed, cannot be obeyed at once.

extension GridCodeProfile {
    /// Nil, or the pickup of `stage` that lies inside the window to connect in, and what to do.
    func conflict(_ stage: StageProfile) -> (key: String, remedy: String)? {
        guard let (over, unit) = stage.departure else { return nil }
        let (low, high) =
            unit == .pu ? (enterLow_pu, enterHigh_pu) : (enterLow_Hz, enterHigh_Hz)
        if over ? stage.pickup >= high : stage.pickup <= low { return nil }
        return (
            "pickup_\(unit)",
            over
                ? "make it at least enter_service.high_\(unit) (\(plain(high)))"
                : "make it at most enter_service.low_\(unit) (\(plain(low)))"
        )
    }

    /// Nil, or why `stage` trips before what must be stayed through is over, and what to do.
    func impatience(_ stage: StageProfile) -> (message: String, remedy: String)? {
        guard let rideThrough, let (over, unit) = stage.departure else { return nil }
        let regions = unit == .pu ? rideThrough.voltage.regions : rideThrough.frequency.regions
        var longest = 0.0
        var words = ""
        for region in regions {
            let (low, high) = (region.low ?? -.infinity, region.high ?? .infinity)
            guard over ? high > stage.pickup : low < stage.pickup else { continue }
            let asked = region.duration(upTo: over ? high : min(high, stage.pickup))
            if asked > longest { (longest, words) = (asked, region.words) }
        }
        if longest <= stage.clearing_s { return nil }
        if longest == .infinity {
            return (
                "trips inside continuous operation, \(words) \(unit)",
                "move pickup_\(unit) out of it"
            )
        }
        // 3.4350000000000001 of 3 + 8.7 · 0.05.
        let least = plain((longest * 1e6).rounded() / 1e6)
        return (
            "is shorter than the \(least) s that ride_through asks for at \(words) \(unit)",
            "make it at least \(least)"
        )
    }

    /// Nil, or which end of the window to connect in lies outside continuous operation.
    var enterOutside: ChoiceFault? {
        let volts = rideThrough?.voltage.regions.continuous
        let hertz = rideThrough?.frequency.regions.continuous
        let ends: [(String, Double, Double?, Double?)] = [
            ("low_pu", enterLow_pu, volts?.low, volts?.high),
            ("high_pu", enterHigh_pu, volts?.low, volts?.high),
            ("low_Hz", enterLow_Hz, hertz?.low, hertz?.high),
            ("high_Hz", enterHigh_Hz, hertz?.low, hertz?.high),
        ]
        for (key, value, low, high) in ends {
            if let low, !(value >= low) {
                return ChoiceFault(
                    key: key, message: "is below continuous operation",
                    remedy: "make it at least \(plain(low))")
            }
            if let high, !(value <= high) {
                return ChoiceFault(
                    key: key, message: "is above continuous operation",
                    remedy: "make it at most \(plain(high))")
            }
        }
        return nil
    }
}

extension StageProfile {
    /// Of a stage that leaves the grid by voltage or frequency: whether above its pickup, and in
    /// which unit.
    fileprivate var departure: (isOver: Bool, unit: StageUnit)? {
        guard action == "island", let watched = watchedKey else { return nil }
        let isOver = effectiveSense == "over"
        return switch watched.watched {
        case .gridLowest, .gridHighest: (isOver, .pu)
        case .gridFrequency: (isOver, .Hz)
        default: nil
        }
    }

    /// What of this stage of a board the stage of the same name of its grid code does not allow.
    func faults(narrowing code: StageProfile) -> [ChoiceFault] {
        guard let unit = code.watchedKey?.unit else { return [] }
        var faults: [ChoiceFault] = []
        if code.pickupRange != nil || code.clearingRange != nil {
            if watched != code.watched {
                faults.append(
                    ChoiceFault(
                        key: "watches", message: "is not what the grid code's \(name) watches",
                        remedy: "write \(code.watched), or give the stage another name"))
            } else if effectiveSense != code.effectiveSense {
                faults.append(
                    ChoiceFault(
                        key: "sense", message: "is not that of the grid code's \(name)",
                        remedy: "write \(code.effectiveSense), or give the stage another name"))
            } else if action == "alarm", code.action != "alarm" {
                faults.append(
                    ChoiceFault(
                        key: "action", message: "takes away a trip that the grid code asks for",
                        remedy: "write \(code.action)"))
            }
        }
        if faults.isEmpty, let range = code[pickup: unit]?.range, let chosen = self[pickup: unit],
            let fault = ChoiceFault(
                chosen.value, outside: range, at: "pickup_\(unit)",
                UnitSuffix(of: "pickup_\(unit)"))
        {
            faults.append(fault)
        }
        if let range = code.clearingRange,
            let fault = ChoiceFault(
                clearing_s, outside: range, at: "clearing_s", UnitSuffix(of: "clearing_s"))
        {
            faults.append(fault)
        }
        return faults
    }
}
