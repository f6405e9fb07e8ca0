import Quantities

extension WattVarSettings {
    /// Active power–reactive power (IEEE 1547-2018, 5.3.4): reactive power, per unit, for the active
    /// power that flows; NaN where that is not known.
    func target(active: Watts, _ rating: Nameplate) -> Float {
        let most = active.value >= 0 ? rating.mostOut.value : rating.mostIn.value
        return curve.value(at: most > 0 ? active.value / most : active.value * 0)
    }
}

extension PowerFactorSettings {
    /// Constant power factor (IEEE 1547-2018, 5.3.2): reactive power, per unit, for the active power
    /// that flows: q = p · tan φ, tan φ = √(1 − cos² φ) / cos φ.
    func target(active: Watts, _ rating: Nameplate) -> Float {
        let slope = root(1 - magnitude * magnitude) / magnitude
        return active.value / rating.apparent.value * (isInjecting ? slope : -slope)
    }
}
