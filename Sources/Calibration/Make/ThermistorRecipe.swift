extension Recipe {
    /// New constants of a thermistor, from temperatures that its nominal ones made.
    ///
    /// A raw temperature is turned back into the resistance it was made from, by the pull-up of the
    /// board file. Readings go through the same pull-up: what is wrong with it is in R25, and falls out.
    func thermistor(
        _ points: [Point], _ nominal: ThermistorConstants, stability: Double
    ) throws(FitRefusal) -> (fit: ChannelFit, constants: ThermistorConstants) {
        let resistances = points.map { point in
            var p = point
            p.raw = nominal.resistance_ohm(at: point.raw)
            let T = point.raw + 273.15
            // dR/dT = −R · β / T².
            p.deviation = point.deviation * p.raw * nominal.beta_K / (T * T)
            return p
        }
        let found = try ThermistorFit.fit(resistances, reading: .resistance, reference: meter)
        let constants = ThermistorConstants(R25_ohm: found.r25_Ohm, beta_K: found.beta_K)
        let warm = points.map(\.reference)
        let range = (warm.min() ?? 0)...(warm.max() ?? 0)
        // Between the ends it is known better than at them.
        let most =
            [range.lowerBound, range.upperBound].map {
                found.uncertainty_K(temperature_degC: $0, throughDivider: true)
            }.max() ?? 0
        var parts = [Uncertainty.Part("thermistor", .A, zero: most)]
        if stability > 0 { parts.append(.init("stability", .B, scale: stability)) }
        let fit = ChannelFit(
            coefficients: Coefficients(), uncertainty: Uncertainty(parts: parts),
            residuals: found.residuals_K, outliers: found.outliers, range: range, chiSquare: 0,
            freedom: max(0, points.count - 2), remarks: found.remarks)
        return (fit, constants)
    }
}
