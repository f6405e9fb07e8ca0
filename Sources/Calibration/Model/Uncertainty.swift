/// How well a calibrated channel knows the truth, over its range (JCGM 100:2008, GUM).
public struct Uncertainty: Equatable, Sendable {
    /// One line of the budget. Its standard uncertainty at the reading v is √(zero² + (scale·v)²).
    public struct Part: Equatable, Sendable {
        public enum Kind: String, CaseIterable, Sendable {
            /// From the points' own scatter.
            case A
            /// From what is known of the meter, the converter and the weather.
            case B
        }
        /// `points`, `reference`, `resolution`, `stability`, `temperature`, ...
        public var name: String
        public var kind: Kind
        /// In the channel's unit.
        public var zero: Double
        /// A ratio.
        public var scale: Double
        public init(_ name: String, _ kind: Kind, zero: Double = 0, scale: Double = 0) {
            (self.name, self.kind, self.zero, self.scale) = (name, kind, zero, scale)
        }
        /// Standard uncertainty at `v`, in the channel's unit.
        public func at(_ v: Double) -> Double {
            (zero * zero + scale * scale * v * v).squareRoot()
        }
    }
    /// Covariance of zero, scale and curvature from the fit: units U², U, 1 / 1, 1/U, 1/U². What the
    /// points alone say (type A).
    public var covariance: [[Double]]
    /// Everything else.
    public var parts: [Part]
    /// Standard uncertainties of phase and skew, all parts together.
    public var phase_deg: Double
    public var skew_s: Double

    public init(
        covariance: [[Double]] = Uncertainty.none, parts: [Part] = [], phase_deg: Double = 0,
        skew_s: Double = 0
    ) {
        (self.covariance, self.parts) = (covariance, parts)
        (self.phase_deg, self.skew_s) = (phase_deg, skew_s)
    }
    public static let none = [[Double]](repeating: [0, 0, 0], count: 3)

    /// The part of the fit at the nominal reading `v`: √(J Σ Jᵀ), J = (1, v, v²).
    public func fit(at v: Double) -> Double {
        let j = [1, v, v * v]
        var variance = 0.0
        for a in 0..<3 { for b in 0..<3 { variance += j[a] * covariance[a][b] * j[b] } }
        return max(0, variance).squareRoot()
    }
    /// Combined standard uncertainty at `v`, in the channel's unit.
    public func standard(at v: Double) -> Double {
        let f = fit(at: v)
        return parts.reduce(f * f) { $0 + $1.at(v) * $1.at(v) }.squareRoot()
    }
    /// Expanded, k = 2: about 95 %.
    public func expanded(at v: Double) -> Double { 2 * standard(at: v) }

    /// The part that matters most at `v`: `points` for the fit's own.
    public func dominant(at v: Double) -> String {
        let all = [("points", fit(at: v))] + parts.map { ($0.name, $0.at(v)) }
        return all.max { $0.1 < $1.1 }?.0 ?? ""
    }
}
