/// A current transformer as its plate states it: 100:5.
public struct TransformerRatio: Equatable, Sendable {
    /// A, more than 0.
    public var primary: Double
    /// A, more than 0.
    public var secondary: Double
    public init(primary: Double, secondary: Double) {
        (self.primary, self.secondary) = (primary, secondary)
    }
    var text: String { "\(Figure.text(primary, 4)):\(Figure.text(secondary, 4))" }
}

/// A gain that is off by a ratio people mistake, not by an error a sensor has.
public struct RatioMistake: Equatable, Sendable {
    /// The true value over what the channel says.
    public var factor: Double
    /// The factor for people: `2`, `1/√3`, `5`.
    public var words: String
    /// What the transformer looks like, and what the settings say.
    public var transformer: TransformerRatio?
    public var settings: TransformerRatio?

    public var sentence: String {
        if let transformer, let settings {
            return "The transformer looks like \(transformer.text), not \(settings.text)."
        }
        return
            "The true value is \(words) times what the channel says: the ratio in the board file "
            + "looks mistaken."
    }

    /// Standard primaries, and their decimal multiples and parts; secondaries (IEC 61869-2, 5.201).
    static let primaries = [10, 12.5, 15, 20, 25, 30, 40, 50, 60, 75]
    static let secondaries = [1.0, 5]
    /// Factors that people mistake without a transformer: turns, ranges, phase for line.
    private static let factors: [(Double, String)] = [
        (2, "2"), (5, "5"), (10, "10"), (3.0.squareRoot(), "√3"), (4, "4"), (20, "20"),
        (100, "100"),
        (1000, "1000"),
    ]
    /// As far as the gain of a sensor without a mistake is off, a ratio.
    static let tolerance = 0.06

    /// - Parameters:
    ///   - gain: 1 + scale of the fit; its sign is polarity's business.
    ///   - settings: The ratio the board file has for a transformer, where there is one.
    /// - Returns: nil where the gain is off by 10 % or less, or by nothing people know.
    public static func find(_ gain: Double, settings: TransformerRatio? = nil) -> RatioMistake? {
        let gain = abs(gain)
        guard gain.isFinite, gain > 1e-6, gain < 1e6, abs(gain - 1) > 0.1 else { return nil }
        if let settings, settings.primary > 0, settings.secondary > 0,
            let found = transformer(gain, settings)
        {
            return found
        }
        var best: RatioMistake?
        var least = tolerance
        for (factor, words) in factors {
            for (f, w) in [(factor, words), (1 / factor, "1/\(words)")] {
                let off = abs(gain / f - 1)
                if off < least {
                    least = off
                    best = RatioMistake(factor: f, words: w, transformer: nil, settings: settings)
                }
            }
        }
        return best
    }

    /// The standard transformer whose ratio fits best; of the same secondary where one does.
    private static func transformer(_ gain: Double, _ settings: TransformerRatio) -> RatioMistake? {
        let others = secondaries.filter { $0 != settings.secondary }
        for choices in [[settings.secondary], others] {
            var best: RatioMistake?
            var least = tolerance
            for secondary in choices {
                for decade in [0.1, 1, 10, 100] {
                    for mantissa in primaries {
                        let primary = mantissa * decade
                        let f = primary / secondary / (settings.primary / settings.secondary)
                        let off = abs(gain / f - 1)
                        guard off < least else { continue }
                        least = off
                        best = RatioMistake(
                            factor: f, words: Figure.text(f, 3),
                            transformer: TransformerRatio(primary: primary, secondary: secondary),
                            settings: settings)
                    }
                }
            }
            if let best { return best }
        }
        return nil
    }
}
