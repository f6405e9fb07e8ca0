// Rules across the sections of a board file.

extension SiteProfile {
    /// A village or a nanogrid, whole.
    func checkKind(_ check: inout Check<SiteProfile>) {
        if nanogrid != nil {
            for (isWritten, key) in [
                (coupling != nil, "coupling"), (!homes.isEmpty, "homes"),
                (check.isWritten(\.gridCode), "grid_code"),
            ] where isWritten {
                check.refuse(
                    key: key, "does not belong to a nanogrid", "remove it, or remove nanogrid")
            }
            return
        }
        if homes.isEmpty {
            check.refuse(key: "homes", "has no home", "add a home, or a nanogrid")
        }
        if coupling == nil {
            check.refuse(
                key: "coupling", "is missing", "add coupling: with the rating of the switch")
        }
        if !check.isWritten(\.gridCode) {
            check.refuse(
                \.gridCode, "is missing", "add grid_code: with the name of a file of grid-codes")
        }
    }

    /// Samples must fall on the 50 µs steps of the simulated network, and be as many as the
    /// meters need.
    func checkRate(_ check: inout Check<SiteProfile>) {
        let steps = 20_000 / rate_Hz
        guard steps == steps.rounded() else {
            let rates = (2...400).filter { 20_000 % $0 == 0 }.map { 20_000 / Double($0) }
            let near = [rates.last { $0 > rate_Hz }, rates.first { $0 < rate_Hz }]
            check.refuse(
                key: "controller.rate_Hz", "is not a whole number of 50 µs steps",
                "write \(oneOf(near.reversed().compactMap { $0.map(plain) }))")
            return
        }
        // A DC site has no waveforms.
        if nanogrid != nil { return }
        let fitting = (1...20).filter {
            Int(steps) % $0 == 0 && rate_Hz * Double($0) >= 2000
        }
        if fitting.isEmpty {
            check.refuse(
                key: "controller.rate_Hz", "leaves fewer than 2000 samples a second",
                "write 100 or more")
        } else if !fitting.contains(samplesPerTick) {
            check.refuse(
                key: "controller.samples_per_tick",
                Int(steps) % samplesPerTick == 0
                    ? "is fewer than 2000 samples a second"
                    : "does not divide the \(plain(steps)) steps of 50 µs in a tick",
                "write \(oneOf(fitting.map(String.init)))")
        }
    }

    func checkAlternating(_ check: inout Check<SiteProfile>) {
        let f = frequency_Hz
        if f != 50 && f != 60 {
            check.refuse(key: "nominal.frequency_Hz", "is neither 50 nor 60", "write 50 or 60")
            return
        }
        if phases == 2 {
            check.refuse(key: "nominal.phases", "is neither 1 nor 3", "write 1 or 3")
        }
        if f <= gridCode.enterLow_Hz || f >= gridCode.enterHigh_Hz {
            check.refuse(
                \.gridCode, "does not fit a site of \(plain(f)) Hz",
                "write a grid code for \(plain(f)) Hz, or change nominal.frequency_Hz")
        }
        let peak = voltage_V * 2.0.squareRoot()
        if sensors.voltageRange_V < 1.3 * peak {
            let least = (1.3 * peak).rounded(.up)
            check.refuse(
                key: "sensors.voltage_range_V",
                "is less than 1.3 times the peak of \(plain(voltage_V)) V",
                "make it at least \(plain(least))")
        }
        for (h, home) in homes.enumerated() {
            let s = home.shedding
            if s.restoreAbove >= f {
                check.refuse(
                    \.homes, item: h, key: "shedding.restore_above_Hz",
                    "is not below the nominal frequency",
                    "make it less than \(plain(f))")
            }
            if s.below[2] < 0.9 * f {
                check.refuse(
                    \.homes, item: h, key: "shedding.comfort.below_Hz",
                    "is far below the nominal frequency",
                    "make it at least \(plain(0.9 * f))")
            }
        }
    }

    func checkStages(_ check: inout Check<SiteProfile>) {
        for (n, stage) in homeStages.enumerated() { stage.checkHome(n, \.homeStages, &check) }
        for stage in coupling?.stages ?? [] {
            guard let (key, remedy) = gridCode.conflict(stage) else { continue }
            check.refuse(
                key: "coupling.stages",
                "has \(stage.name).\(key) inside the window of the grid code's enter_service",
                remedy)
        }
        if gridCode.stages.count > 24 {
            check.refuse(
                key: "coupling.stages",
                "makes \(gridCode.stages.count) stages with those of the grid code",
                "keep it to 24")
        }
        for (h, home) in homes.enumerated() where nanogrid == nil {
            if home.stages.count > 24 {
                check.refuse(
                    \.homes, item: h, key: "stages",
                    "makes \(home.stages.count) stages with home_stages", "keep it to 24")
            }
            home.checkActions(h, &check)
            // A DER is tripped by its grid code.
            if home.der == nil, !home.stages.contains(where: { $0.action == "trip_source" }) {
                check.refuse(
                    \.homes, item: h, key: "", "has no stage that trips its source",
                    "add one to home_stages, such as bus_voltage_high")
            }
        }
        if let nanogrid, !nanogrid.stages.isEmpty,
            !nanogrid.stages.contains(where: { $0.action == "trip_source" })
        {
            check.refuse(
                key: "nanogrid.stages", "has no stage that trips a source",
                "add one, such as dc_bus_voltage over")
        }
    }
}

extension HomeProfile {
    /// What a stage may do here: only a DER ceases.
    fileprivate func checkActions(_ h: Int, _ check: inout Check<SiteProfile>) {
        for stage in stages {
            if stage.action == "cease", der == nil {
                check.refuse(
                    \.homes, item: h, key: "", "has a stage \(stage.name) that ceases, and no der",
                    "write trip_source, or add der")
            }
        }
    }
}
