/// The meter that is believed, and how far.
public struct ReferenceMeter: Equatable, Sendable {
    /// How the limits of a specification are meant.
    public enum Form: String, CaseIterable, Sendable {
        /// An expanded uncertainty of k = 2, as a calibration certificate states it: normal, half of
        /// it is the standard uncertainty (GUM 4.3.3).
        case certificate
        /// Limits of error, as a data sheet states them: rectangular, over √3 (GUM 4.3.7).
        case limits
    }
    public var model: String
    public var serial: String
    /// Number of its certificate; empty: none.
    public var certificate: String
    /// The day its certificate ends, `2027-03-31`; empty: not said.
    public var due: String
    public var form: Form
    /// Of the reading, a ratio: 0.0005 is 0.05 %.
    public var ofReading: Double
    /// In the channel's unit.
    public var absolute: Double
    /// The last digit, in the channel's unit; 0 where it is read by a program to all its digits.
    public var resolution: Double

    public init(
        model: String, serial: String = "", certificate: String = "", due: String = "",
        form: Form, ofReading: Double, absolute: Double, resolution: Double = 0
    ) {
        (self.model, self.serial, self.certificate, self.due) = (model, serial, certificate, due)
        (self.form, self.ofReading, self.absolute) = (form, ofReading, absolute)
        self.resolution = resolution
    }

    /// No meter: nothing is known of it.
    public static let unknown = ReferenceMeter(
        model: "no meter", form: .limits, ofReading: 0, absolute: 0)

    private var divisor: Double { form == .certificate ? 2 : 3.0.squareRoot() }
    /// Standard uncertainty of its scale, a ratio. The same error is in all points of a session.
    public var scaleUncertainty: Double { ofReading / divisor }
    /// Standard uncertainty of its zero, in the channel's unit. The same error is in all points.
    public var zeroUncertainty: Double { absolute / divisor }
    /// Standard uncertainty of one reading's last digit: rectangular over a digit, /√12.
    public var readingUncertainty: Double { resolution / 12.0.squareRoot() }
}
