import BoardProfile

extension CalibrationRecord {
    /// What makes a record no calibration, whatever the board: numbers that are none, a covariance that
    /// is none, corrections no sound sensor needs.
    ///
    /// Of the gain, 1 + scale, 0.5 to 1.5 is believed, and -1.5 to -0.5 of what has a direction (A, W,
    /// var): a sensor the wrong way round. Beyond that the board file has another sensor than the
    /// board. Zero may be half of the largest reading, curvature may add a fifth to it, the drift of
    /// the scale may be 1 % a kelvin, phase 30°, skew 20 ms.
    func faults(_ places: FilePlaces) -> [Problem] {
        var found = numberFaults(places)
        if !found.isEmpty { return found }
        found += covarianceFaults(places)
        found += boundFaults(places)
        found += pointFaults(places)
        return found
    }

    /// Every number is finite, and those that cannot be negative are not.
    private func numberFaults(_ places: FilePlaces) -> [Problem] {
        let c = coefficients, u = channel.suffix
        var numbers: [(String, Double)] = [
            ("nominal.gain", nominal.gain), ("nominal.offset", nominal.offset),
            ("coefficients.zero\(u)", c.zero), ("coefficients.scale", c.scale),
            ("coefficients.curvature" + Coefficients.per(u), c.curvature),
            ("coefficients.zero\(u)_per_K", c.zeroPerKelvin),
            ("coefficients.scale_per_K", c.scalePerKelvin),
            ("coefficients.temperature_degC", c.temperature_degC ?? 0),
            ("coefficients.phase_deg", c.phase_deg), ("coefficients.skew_s", c.skew_s),
            ("temperature_degC", temperature_degC ?? 0), ("range.lowest\(u)", range.lowerBound),
            ("range.highest\(u)", range.upperBound),
        ]
        var sizes: [(String, Double)] = [
            ("nominal.resolution", nominal.resolution),
            ("uncertainty.phase_deg", uncertainty.phase_deg),
            ("uncertainty.skew_s", uncertainty.skew_s), ("time", at_s),
            ("measured", measured_s ?? 0),
            ("reference.of_reading", reference.ofReading),
            ("reference.absolute\(u)", reference.absolute),
            ("reference.resolution\(u)", reference.resolution),
        ]
        for (n, part) in uncertainty.parts.enumerated() {
            sizes.append(("uncertainty.parts[\(n)].zero\(u)", part.zero))
            sizes.append(("uncertainty.parts[\(n)].scale", part.scale))
        }
        for (n, p) in points.enumerated() {
            numbers += [
                ("points[\(n)].raw", p.raw), ("points[\(n)].reference\(u)", p.reference),
                ("points[\(n)].mean", p.mean ?? 0), ("points[\(n)].phase_deg", p.phase_deg ?? 0),
                ("points[\(n)].reference_phase_deg", p.referencePhase_deg ?? 0),
                ("points[\(n)].temperature_degC", p.temperature_degC ?? 0),
                ("points[\(n)].frequency_Hz", p.frequency_Hz ?? 1),
            ]
            sizes += [
                ("points[\(n)].deviation", p.deviation), ("points[\(n)].time", p.at_s),
                ("points[\(n)].reference_deviation\(u)", p.referenceDeviation),
            ]
        }
        if let t = travel {
            sizes += [
                ("travel.close_s", t.close_s), ("travel.open_s", t.open_s),
                ("travel.close_spread_s", t.closeSpread_s),
                ("travel.open_spread_s", t.openSpread_s),
            ]
        }
        var found: [Problem] = []
        for (key, number) in numbers + sizes where !number.isFinite {
            found.append(
                places.problem(
                    key, value: "\(number)", "is not a finite number", "calibrate again"))
        }
        for (key, number) in sizes where number < 0 {
            found.append(
                places.problem(key, value: "\(number)", "is less than 0", "calibrate again"))
        }
        if nominal.lowest.isNaN || nominal.highest.isNaN {
            found.append(
                places.problem("nominal", "has a limit that is no number", "calibrate again"))
        }
        return found
    }

    /// Symmetric and positive semidefinite, to within rounding: by its correlations, since the squares
    /// of the units lie far apart.
    private func covarianceFaults(_ places: FilePlaces) -> [Problem] {
        let m = uncertainty.covariance, key = "uncertainty.covariance"
        func refusal(_ what: String) -> [Problem] {
            [places.problem(key, what, "calibrate again")]
        }
        guard m.count == 3, m.allSatisfy({ $0.count == 3 }) else { return refusal("is not 3 by 3") }
        guard m.joined().allSatisfy(\.isFinite) else {
            return refusal("holds a number that is not finite")
        }
        let tolerance = 1e-6
        var r = [[Double]](repeating: [0, 0, 0], count: 3)
        for a in 0..<3 {
            if m[a][a] < 0 { return refusal("has a negative variance") }
            for b in 0..<3 where a != b {
                let size = m[a][a].squareRoot() * m[b][b].squareRoot()
                // Of a variance of 0, or one too small to be told from it.
                if size == 0 {
                    if m[a][b] != 0 { return refusal("has a covariance without a variance") }
                    continue
                }
                r[a][b] = m[a][b] / size
            }
        }
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            if abs(r[a][b] - r[b][a]) > tolerance { return refusal("is not symmetric") }
            if abs(r[a][b]) > 1 + tolerance { return refusal("has a correlation beyond 1") }
        }
        let (x, y, z) = (r[0][1], r[0][2], r[1][2])
        let determinant = 1 + 2 * x * y * z - x * x - y * y - z * z
        if determinant < -tolerance { return refusal("is not positive semidefinite") }
        return []
    }

    private func boundFaults(_ places: FilePlaces) -> [Problem] {
        let c = coefficients, u = channel.suffix
        let largest = max(abs(range.lowerBound), abs(range.upperBound))
        let hasDirection = ["A", "W", "var"].contains(channel.unit)
        let gain = 1 + c.scale
        var found: [Problem] = []
        func refuse(_ key: String, _ value: Double, _ message: String, _ remedy: String) {
            found.append(
                places.problem(
                    "coefficients." + key, value: YAMLLines.number(value), message, remedy))
        }
        if !(0.5...1.5).contains(abs(gain)) || (gain < 0 && !hasDirection) {
            refuse(
                "scale", c.scale,
                gain < 0 && !hasDirection
                    ? "turns the sign of what has none"
                    : "is a gain of \(YAMLLines.number(gain)), outside 0.5 to 1.5",
                "correct gain in the board file, then calibrate again")
        }
        if largest > 0, abs(c.zero) > 0.5 * largest {
            refuse(
                "zero" + u, c.zero,
                "is more than half of the largest reading, \(YAMLLines.number(largest))",
                "correct offset in the board file, then calibrate again")
        }
        if abs(c.curvature) * largest > 0.2 {
            refuse(
                "curvature" + Coefficients.per(u), c.curvature,
                "adds more than a fifth to the largest reading",
                "look for a sensor that saturates, then calibrate again")
        }
        if abs(c.scalePerKelvin) > 0.01 {
            refuse(
                "scale_per_K", c.scalePerKelvin, "is more than 1 % a kelvin",
                "take the points at steady temperatures further apart")
        }
        if abs(c.phase_deg) > 30 {
            refuse(
                "phase_deg", c.phase_deg, "is more than 30°",
                "see that voltage and current are of one phase, then calibrate again")
        }
        if abs(c.skew_s) > 0.02 {
            refuse("skew_s", c.skew_s, "is more than 20 ms", "calibrate again")
        }
        return found
    }

    private func pointFaults(_ places: FilePlaces) -> [Problem] {
        var found: [Problem] = []
        for (n, point) in points.enumerated() where point.count < 1 {
            found.append(
                places.problem(
                    "points[\(n)].count", value: "\(point.count)", "is less than 1",
                    "take the point again"))
        }
        let isOdd =
            Set(outliers).count != outliers.count
            || outliers.contains { !points.indices.contains($0) }
        if isOdd {
            found.append(
                places.problem(
                    "outliers", "names a point twice, or one that is not there", "calibrate again"))
        }
        return found
    }
}
