/// Type B of a channel.
enum Budget {
    /// - Parameters:
    ///   - k: What the fit found.
    ///   - referenceScale: What the reference's zero adds to the scale, a ratio.
    ///   - referenceZero: What it adds to zero, in the channel's unit.
    static func parts(
        _ k: Coefficients, _ nominal: Nominal, _ reference: ReferenceMeter, _ options: FitOptions,
        referenceScale: Double, referenceZero: Double, linearity: Uncertainty.Part?
    ) -> [Uncertainty.Part] {
        let gain = abs(1 + k.scale)
        func root(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
        let u = reference.scaleUncertainty
        var parts = [
            Uncertainty.Part(
                "reference", .B, zero: root(referenceZero, u * k.zero),
                scale: root(referenceScale, u * gain))
        ]
        if nominal.resolution > 0 {
            let count = nominal.resolution * abs(nominal.gain) * gain
            parts.append(Uncertainty.Part("resolution", .B, zero: count / 12.0.squareRoot()))
        }
        let root3 = 3.0.squareRoot()
        let aging = options.stabilityPerYear * options.interval_years / root3
        if aging > 0 {
            parts.append(Uncertainty.Part("stability", .B, scale: aging * gain))
        }
        if let range = options.temperatures_degC {
            // Nobody knows where in its range it was calibrated: anywhere.
            let here = k.temperature_degC
            let far =
                here.map { max(abs(range.lowerBound - $0), abs(range.upperBound - $0)) }
                ?? range.upperBound - range.lowerBound
            let part = Uncertainty.Part(
                "temperature", .B, zero: options.zeroPerKelvinLimit * far / root3,
                scale: options.scalePerKelvinLimit * far / root3 * gain)
            if part.zero > 0 || part.scale > 0 { parts.append(part) }
        }
        if let linearity { parts.append(linearity) }
        return parts
    }

    /// The points' mean temperature, where all have one.
    static func temperature(_ points: [Point]) -> Double? {
        let known = points.compactMap(\.temperature_degC)
        return known.count == points.count && !known.isEmpty
            ? known.sorted().reduce(0, +) / Double(known.count) : nil
    }
}
