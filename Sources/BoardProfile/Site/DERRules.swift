// What a board may choose of its grid code, and what a DER must have for it.

extension SiteProfile {
    /// What homes and the coupling choose of the grid code must be in its ranges, and should leave
    /// what is to be stayed through.
    func checkChoices(_ check: inout Check<SiteProfile>) {
        let source = gridCode.source
        func told(_ fault: ChoiceFault) -> String {
            // "… allows, 2 to 21 s (6.4.1, table 12)" → "(IEEE 1547-2018, 6.4.1, table 12)".
            guard fault.message.hasSuffix(")"), let at = fault.message.lastIndex(of: "(") else {
                return fault.message.hasPrefix("is no ")
                    ? fault.message : fault.message + " (\(source))"
            }
            let (before, clause) = (fault.message[..<at], fault.message[at...].dropFirst())
            return "\(before)(\(source), \(clause)"
        }
        if let coupling {
            for (n, stage) in coupling.stages.enumerated() {
                guard let code = writtenCode.stages.first(where: { $0.name == stage.name }) else {
                    continue
                }
                for fault in stage.faults(narrowing: code) {
                    let fault = fault.below("stages[\(n)]", clause: code.clause)
                    check.refuse(key: "coupling.\(fault.key)", told(fault), fault.remedy)
                }
            }
            if let chosen = coupling.enterDelay_s, let range = gridCode.enter.delay_s?.range,
                let fault = ChoiceFault(
                    chosen, outside: range, at: "enter_delay_s", UnitSuffix(of: "enter_delay_s"))
            {
                let fault = fault.below("coupling", clause: gridCode.enter.clause)
                check.refuse(key: fault.key, told(fault), fault.remedy)
            }
        }
        for (h, home) in homes.enumerated() {
            guard let der = home.der else { continue }
            let faults = der.narrowed(writtenCode).faults
            for fault in faults {
                check.refuse(\.homes, item: h, key: "der.\(fault.key)", told(fault), fault.remedy)
            }
            home.checkRatings(writtenCode, h, &check)
            guard faults.isEmpty else { continue }
            for stage in der.code.stages {
                guard let (message, _) = der.code.impatience(stage) else { continue }
                let choice = der.stages.firstIndex { $0.name == stage.name }
                check.warn(
                    \.homes, item: h, key: choice.map { "der.stages[\($0)]" } ?? "der",
                    message,
                    "ask the operator whether the trip or the ride-through is meant")
            }
        }
    }
}

extension HomeProfile {
    /// The ratings of a DER: what it gives and what the code asks it to have.
    func checkRatings(
        _ code: GridCodeProfile, _ h: Int, _ check: inout Check<SiteProfile>
    ) {
        guard let der else { return }
        func refuse(_ key: String, _ message: String, _ remedy: String) {
            check.refuse(\.homes, item: h, key: "der.\(key)", message, remedy)
        }
        if let rating = der.rating_W, !(rating <= rating_VA) {
            refuse(
                "rating_W", "is above the inverter's apparent power",
                "make it at most inverter.rating_VA (\(plain(rating_VA)))")
        }
        if let charge = der.charge_W, !(charge <= rating_VA) {
            refuse(
                "charge_W", "is above the inverter's apparent power",
                "make it at most inverter.rating_VA (\(plain(rating_VA)))")
        }
        if der.kind == .pv, let charge = der.charge_W, charge > 0 {
            refuse("charge_W", "is of what cannot charge", "remove it, or write kind: storage")
        }
        let reactive = code.support(isCategoryA: der.category == .A).reactive
        let clause = reactive?.clause.map { ", \($0)" } ?? ""
        for (key, rating, asked) in [
            ("inject_var", der.inject_var, reactive?.inject_pu),
            ("absorb_var", der.absorb_var, reactive?.absorb_pu),
        ] {
            guard let rating else { continue }
            if !(rating <= rating_VA) {
                refuse(
                    key, "is above the inverter's apparent power",
                    "make it at most inverter.rating_VA (\(plain(rating_VA)))")
            } else if let asked, !(rating >= asked * rating_VA - 1e-6) {
                refuse(
                    key,
                    "is less than the \(plain(asked)) of the rating that the grid code asks for (\(code.source)\(clause))",
                    "make it at least \(plain((asked * rating_VA).rounded(.up)))")
            }
        }
        if der.code.stages.count + stages.count > 24 {
            refuse(
                "stages", "makes \(der.code.stages.count + stages.count) stages with home_stages",
                "keep it to 24")
        }
    }
}
