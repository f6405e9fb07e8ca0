#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `PhaseFit.fromLoads`: powers that were measured and powers that are believed.
enum LoadPhase {
    /// Two loads' angles differ by this much or more, degrees: an error of one of them moves the
    /// phase by no more than three times its share.
    static let leastDifference_deg = 20.0

    static func fit(
        _ loads: [PhaseFit.Load], _ reference: ReferenceMeter, _ reference_deg: Double
    ) throws(FitRefusal) -> PhaseFit {
        try check(loads, reference, reference_deg)
        // Twice: the measured powers' own deviation reaches the reference times |c|, 1 at first.
        var size = 1.0
        var found = try solve(loads, reference, size)
        size = length(found)
        found = try solve(loads, reference, size)
        let (a, b) = (found.parameters[0], found.parameters[1])
        size = length(found)
        guard size > 1e-6, size.isFinite else {
            throw FitRefusal(
                "the reference sees no power where the channel does",
                "see that both measure the same load")
        }
        // c = size · e^(jθ); the current's correction is −θ.
        let theta = atan2(b, a) * 180 / .pi
        var phase = -theta
        let polarity = Polarity(error_deg: phase)
        try polarity.check(phase)
        let isReversed = polarity == .reversed
        if isReversed { phase = PhaseFit.wrapped(phase - 180) }
        let jacobian = [
            [a / size, b / size],
            [b / (size * size) * 180 / .pi, -a / (size * size) * 180 / .pi],
        ]
        func moved(_ change: [Double]) -> [Double] {
            jacobian.map { $0[0] * change[0] + $0[1] * change[1] }
        }
        var covariance = found.covariance
        covariance = (0..<2).map { r in
            (0..<2).map { s in
                (0..<2).reduce(0) { sum, k in
                    sum
                        + (0..<2).reduce(0) {
                            $0 + jacobian[r][k] * covariance[k][$1] * jacobian[s][$1]
                        }
                }
            }
        }
        var remarks: [String] = []
        let isKnown = deviations(loads, reference, 1).contains { $0 > 0 }
        let grown = Enlargement(
            found, isKnown: isKnown, estimated: [], freedom: [], isPooled: false, of: 0)
        // Two loads of unknown noise fit whatever they say: there is nothing to tell it from.
        let isMute = !isKnown && found.freedom == 0
        let factor = isMute ? 0 : grown.factor
        covariance = covariance.map { $0.map { $0 * factor } }
        if isMute {
            remarks.append(
                "Nobody knows the noise of the powers, and too few tell: none is counted.")
        } else if let remark = grown.remark {
            remarks.append(remark)
        }
        if isReversed { remarks.append(Diagnosis.reversed.sentence) }
        // The reference's zero, the same in every active power.
        let active = rows(loads).map { $0.isActive ? 1.0 : 0 }
        let zero = moved(found.response(to: active)).map { $0 * reference.zeroUncertainty }
        let gainReference = size * reference.scaleUncertainty
        return PhaseFit(
            phase_deg: phase, gain: size,
            uncertainty_deg: (covariance[1][1] + zero[1] * zero[1] + reference_deg * reference_deg)
                .squareRoot(),
            gainUncertainty: (covariance[0][0] + zero[0] * zero[0] + gainReference * gainReference)
                .squareRoot(),
            covariance: covariance,
            residuals: loads.map {
                $0.active_W * a - $0.reactive_var * b - $0.referenceActive_W
            }, outliers: [], isReversed: isReversed, remarks: remarks)
    }

    private typealias Row = (isActive: Bool, real: Double, imaginary: Double, reference: Double)
    private static func rows(_ loads: [PhaseFit.Load]) -> [Row] {
        loads.flatMap { load -> [Row] in
            let active: Row = (true, load.active_W, -load.reactive_var, load.referenceActive_W)
            guard let q = load.referenceReactive_var else { return [active] }
            return [active, (false, load.reactive_var, load.active_W, q)]
        }
    }

    /// Standard deviation of each row; all 0: nobody knows.
    private static func deviations(
        _ loads: [PhaseFit.Load], _ reference: ReferenceMeter, _ size: Double
    ) -> [Double] {
        loads.flatMap { load in
            let own = size * load.deviation_W
            let u =
                (own * own + load.referenceDeviation_W * load.referenceDeviation_W
                + reference.readingUncertainty * reference.readingUncertainty).squareRoot()
            return load.referenceReactive_var == nil ? [u] : [u, u]
        }
    }

    private static func solve(
        _ loads: [PhaseFit.Load], _ reference: ReferenceMeter, _ size: Double
    ) throws(FitRefusal) -> LeastSquares {
        let rows = rows(loads)
        let sigma = PointScatter.filled(deviations(loads, reference, size))
        guard
            let found = LeastSquares(
                [rows.map(\.real), rows.map(\.imaginary)], rows.map(\.reference), sigma: sigma)
        else { throw alike(loads) }
        return found
    }

    private static func length(_ found: LeastSquares) -> Double {
        let (a, b) = (found.parameters[0], found.parameters[1])
        return (a * a + b * b).squareRoot()
    }

    private static func check(
        _ loads: [PhaseFit.Load], _ reference: ReferenceMeter, _ reference_deg: Double
    ) throws(FitRefusal) {
        try Guard.reference(reference)
        guard reference_deg >= 0, reference_deg.isFinite else {
            throw FitRefusal(
                "the uncertainty of the reference's angle is \(reference_deg)°",
                "give it in degrees, 0 or more")
        }
        for (k, load) in loads.enumerated() {
            let numbers = [
                load.active_W, load.reactive_var, load.deviation_W, load.referenceActive_W,
                load.referenceReactive_var ?? 0, load.referenceDeviation_W,
            ]
            guard numbers.allSatisfy(Guard.isPlain), load.deviation_W >= 0,
                load.referenceDeviation_W >= 0
            else {
                throw FitRefusal("load \(k + 1) has numbers that are none", "take it again")
            }
            guard hypot(load.active_W, load.reactive_var) > 0 else {
                throw FitRefusal("load \(k + 1) draws nothing", "switch it on, or leave it out")
            }
        }
        guard !loads.isEmpty else {
            throw FitRefusal("no load was measured", "measure two loads of different power factor")
        }
        if loads.contains(where: { $0.referenceReactive_var != nil }) { return }
        let angles = loads.map { atan2($0.reactive_var, $0.active_W) * 180 / .pi }
        // Opposite loads say the same thing twice: half turns do not count. Of angles on an arc the
        // farthest from any is an end, and the farthest from that the other.
        func apart(_ a: Double, _ b: Double) -> Double { abs(PhaseFit.wrapped(2 * (a - b)) / 2) }
        let end = angles.max { apart($0, angles[0]) < apart($1, angles[0]) } ?? 0
        let most = angles.reduce(0) { max($0, apart($1, end)) }
        guard most >= leastDifference_deg else { throw alike(loads) }
    }

    private static func alike(_ loads: [PhaseFit.Load]) -> FitRefusal {
        let factors = loads.prefix(8).map {
            Figure.text(abs($0.active_W) / hypot($0.active_W, $0.reactive_var), 2)
        }
        return FitRefusal(
            "the loads' power factors do not differ enough: \(factors.joined(separator: ", "))",
            "measure one load near 1 (a heater) and one of 0.8 or less (a motor, a choke, a "
                + "capacitor), or give the reference's reactive power")
    }
}
