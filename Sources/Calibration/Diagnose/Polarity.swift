#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How a current and its voltage are wired, as the angle between what was measured and what is true
/// tells: sensors err by a few degrees, wires by sixths of a turn.
public enum Polarity: Equatable, Sendable {
    case right
    /// Half a turn off: the current sensor is the wrong way round.
    case reversed
    /// A third of a turn off: the voltage is that of another phase. `isReversed`: and the sensor is
    /// the wrong way round, a sixth of a turn off together.
    case otherPhase(isReversed: Bool)

    /// - Parameter error_deg: True less measured phase of the current against its voltage, any turn.
    public init(error_deg: Double) {
        let sixth = Int((PhaseFit.wrapped(error_deg) / 60).rounded())
        switch abs(sixth) {
        case 0: self = .right
        case 1: self = .otherPhase(isReversed: true)
        case 2: self = .otherPhase(isReversed: false)
        default: self = .reversed
        }
    }

    /// From points of a waveform, whose RMS has no sign; nil where none has both angles.
    public init?(_ points: [Point]) {
        var (x, y) = (0.0, 0.0)
        for p in points {
            guard let measured = p.phase_deg, let truth = p.referencePhase_deg else { continue }
            let d = (truth - measured) * .pi / 180
            guard d.isFinite else { continue }
            x += cos(d)
            y += sin(d)
        }
        guard x != 0 || y != 0 else { return nil }
        self.init(error_deg: atan2(y, x) * 180 / .pi)
    }

    /// - Throws: `FitRefusal` where the voltage is another phase's: no correction makes that right.
    func check(_ error_deg: Double) throws(FitRefusal) {
        guard case .otherPhase(let isReversed) = self else { return }
        throw FitRefusal(
            "the current is \(Figure.text(PhaseFit.wrapped(error_deg), 3))° from where its voltage "
                + "says: that voltage is another phase's"
                + (isReversed ? ", or the sensor is on another's wire the wrong way round" : ""),
            "see that current and voltage of the pair are of the same phase, in the board file and "
                + "at the terminals")
    }
}
