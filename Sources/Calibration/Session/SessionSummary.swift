/// Makes a calibration of points; a closure so that a session knows no method of fitting.
public typealias Fitting =
    @Sendable (Calibrated, [Point], Nominal) throws(FitRefusal) -> ChannelFit

/// What a channel's calibration brought: its errors before and after, its uncertainty, and whether
/// that is enough.
public struct SessionSummary: Equatable, Sendable {
    /// Errors at the points, reading minus reference.
    public struct Errors: Equatable, Sendable {
        /// Largest size, and root of the mean of squares, in the channel's unit.
        public var most: Double
        public var rms: Double
        init(_ errors: [Double]) {
            most = errors.map(\.magnitude).max() ?? 0
            let squares = errors.reduce(0) { $0 + $1 * $1 }
            rms = errors.isEmpty ? 0 : (squares / Double(errors.count)).squareRoot()
        }
    }
    /// Expanded uncertainty (k = 2) at a true value, and what is allowed there.
    public struct Band: Equatable, Sendable {
        public var value: Double
        public var expanded: Double
        public var allowed: Double
    }
    public var before: Errors
    public var after: Errors
    /// The larger end of the span, which percents are of, in the channel's unit.
    public var fullScale: Double
    /// Over the span, evenly, 41 of them.
    public var bands: [Band]
    /// The one where the uncertainty is the largest share of what is allowed.
    public var worst: Band
    /// The part of the budget that matters most there, by the names of `Uncertainty`.
    public var dominant: String
    public var passes: Bool { worst.expanded <= worst.allowed }
    public var unit: String
    public var required: RequiredAccuracy

    /// Points the fit left out count neither before nor after.
    public init(plan: ChannelPlan, points: [Point], fit: ChannelFit) {
        let kept = points.indices.filter { !fit.outliers.contains($0) }
        before = Errors(kept.map { plan.nominal.reading(points[$0].raw) - points[$0].reference })
        after = Errors(
            kept.compactMap { fit.residuals.indices.contains($0) ? fit.residuals[$0] : nil })
        fullScale = plan.fullScale
        unit = plan.channel.unit
        required = plan.required
        let scale = 1 + fit.coefficients.scale
        let nominals = (0...40).map { n in
            let value =
                plan.span.lowerBound
                + Double(n) / 40 * (plan.span.upperBound - plan.span.lowerBound)
            // Near enough for a budget: curvature moves it by parts of a per cent.
            return (value, scale == 0 ? value : (value - fit.coefficients.zero) / scale)
        }
        let all = nominals.map { value, nominal in
            Band(
                value: value, expanded: fit.uncertainty.expanded(at: nominal),
                allowed: plan.required.allowed(at: value))
        }
        let share = { (b: Band) in b.allowed > 0 ? b.expanded / b.allowed : .infinity }
        let at = all.indices.max { share(all[$0]) < share(all[$1]) } ?? 0
        (bands, worst) = (all, all[at])
        dominant = fit.uncertainty.dominant(at: nominals[at].1)
    }

    /// `passes: ±0.12 V at 60 V, ±0.6 V is allowed; most of it from the reference`.
    public var verdict: String {
        let at = Digits.plain(worst.value, unit)
        let u = Digits.quantity(worst.expanded, unit)
        let allowed = Digits.quantity(worst.allowed, unit)
        if passes {
            return "passes: ±\(u) at \(at), ±\(allowed) is allowed; most of it from the \(dominant)"
        }
        let excess = Digits.quantity(worst.expanded - worst.allowed, unit)
        let ratio = worst.allowed > 0 ? Digits.significant(worst.expanded / worst.allowed, 2) : "∞"
        return "fails by \(excess): ±\(u) at \(at) is \(ratio) times the ±\(allowed) allowed; "
            + "most of it from the \(dominant)"
    }
}
