extension ChannelFit {
    /// Zero, scale and, where it earns its place, curvature of a channel, from its points.
    ///
    /// Of a steady quantity: weighted least squares of the reference over the nominal reading. Of a
    /// waveform: scale from RMS through the origin, less the noise a point at nil shows, in squares;
    /// `zero` is −(1 + scale) · (mean − offset) · gain, so that `corrected` gives nil where the counts
    /// have their mean (no direct current in the reference is supposed); a curvature is never taken.
    ///
    /// `uncertainty.covariance` is type A of the points, multiplied so that twice its root is 95.45 %
    /// for few readings also (GUM G.3.2), and with chi-square over its freedom where that is
    /// significantly too large (p < 0.01). The parts are type B:
    /// - `reference`: exactly the meter's scale and zero uncertainty, the same error in all points.
    /// - `resolution`: a count of one later reading. No part of a parameter's uncertainty.
    /// - `stability`, `temperature`: the limits in `options`, over √3; at the far end of the range.
    /// - `linearity`: where a curvature was allowed and not taken, or would have been taken and is not
    ///   allowed (with a remark): the root of its square and its variance (GUM F.2.4.5) times what a
    ///   unit of it does to zero and scale. Fewer than five points do not tell: no part.
    /// - Parameters:
    ///   - points: Three or more with a span (a waveform: two levels or more that are not nil).
    ///   - nominal: What the board file says of the channel.
    ///   - reference: Its specification in the channel's unit.
    ///   - options: What else is known.
    /// - Returns: Coefficients at the mean temperature of the points, where all have one.
    /// - Throws: `FitRefusal` for too few points, no span, saturation, or numbers that are none.
    public static func fit(
        _ points: [Point], nominal: Nominal, reference: ReferenceMeter,
        options: FitOptions = FitOptions()
    ) throws(FitRefusal) -> ChannelFit {
        try PointGuard.check(points, nominal, reference, options)
        return nominal.isAlternating
            ? try AlternatingFit.fit(points, nominal, reference, options)
            : try DirectFit.fit(points, nominal, reference, options)
    }

    /// Standard uncertainty of `scale`, a ratio: points and all parts.
    public var uncertaintyOfScale: Double { of(1) { $0.scale } }
    /// Standard uncertainty of `zero`, in the channel's unit: points and all parts.
    public var uncertaintyOfZero: Double { of(0) { $0.zero } }
    /// Standard uncertainty of `curvature`, 1 over the channel's unit.
    public var uncertaintyOfCurvature: Double {
        (uncertainty.covariance[2][2] + curvatureNotTaken * curvatureNotTaken).squareRoot()
    }

    /// The resolution of a single later reading is none of a parameter's.
    private func of(_ k: Int, _ part: (Uncertainty.Part) -> Double) -> Double {
        uncertainty.parts.reduce(uncertainty.covariance[k][k]) {
            $1.name == "resolution" ? $0 : $0 + part($1) * part($1)
        }.squareRoot()
    }
}
