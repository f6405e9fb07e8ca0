/// One calibration of one channel of one board: what was found, from what, by whom.
public struct CalibrationRecord: Equatable, Sendable {
    public var channel: Calibrated
    /// Number in the channel's history, 1 and up.
    public var number: Int
    /// The board file's folder, and the board's own serial number.
    public var board: String
    public var serial: String
    public var nominal: Nominal
    public var coefficients: Coefficients
    public var uncertainty: Uncertainty
    /// Of a travel: seconds from coil to contact, closing and opening, and their standard deviations.
    public var travel: Travel?
    /// Of a thermistor: the constants that were found. They take the place of the nominal ones where
    /// the raw number is made, and `coefficients` correct nothing besides.
    public var thermistor: ThermistorConstants?
    /// The readings between which this was fitted, in the channel's unit.
    public var range: ClosedRange<Double>
    public var points: [Point]
    /// Indices of points that the fit left out.
    public var outliers: [Int]
    public var reference: ReferenceMeter
    public var person: String
    /// Seconds since 1970, UTC.
    public var at_s: Double
    /// Of the board while it was done, °C.
    public var temperature_degC: Double?
    /// The program's version.
    public var software: String
    /// A line for people; of a revert, what was taken up again.
    public var note: String
    /// When the calibration was made that a revert took up again, seconds since 1970, UTC: its age
    /// counts from there. Nil: `at_s`.
    public var measured_s: Double?

    public init(
        channel: Calibrated, number: Int = 1, board: String, serial: String, nominal: Nominal,
        coefficients: Coefficients, uncertainty: Uncertainty, travel: Travel? = nil,
        range: ClosedRange<Double>, points: [Point], outliers: [Int] = [],
        reference: ReferenceMeter, person: String, at_s: Double, temperature_degC: Double? = nil,
        software: String, note: String = "", measured_s: Double? = nil,
        thermistor: ThermistorConstants? = nil
    ) {
        (self.channel, self.number, self.board, self.serial) = (channel, number, board, serial)
        (self.nominal, self.coefficients, self.uncertainty) = (nominal, coefficients, uncertainty)
        (self.travel, self.range, self.points) = (travel, range, points)
        (self.outliers, self.reference, self.person) = (outliers, reference, person)
        (self.at_s, self.temperature_degC, self.software) = (at_s, temperature_degC, software)
        (self.note, self.measured_s) = (note, measured_s)
        self.thermistor = thermistor
    }
}

/// How long a switch takes, from the coil's order to the auxiliary contact, seconds.
public struct Travel: Equatable, Sendable {
    public var close_s: Double
    public var open_s: Double
    /// Standard deviations of one operation.
    public var closeSpread_s: Double
    public var openSpread_s: Double
    /// Operations each was learned from.
    public var operations: Int
    public init(
        close_s: Double, open_s: Double, closeSpread_s: Double, openSpread_s: Double,
        operations: Int
    ) {
        (self.close_s, self.open_s) = (close_s, open_s)
        (self.closeSpread_s, self.openSpread_s) = (closeSpread_s, openSpread_s)
        self.operations = operations
    }
}
