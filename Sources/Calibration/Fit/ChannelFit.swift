/// What the points of one channel say.
public struct ChannelFit: Equatable, Sendable {
    public var coefficients: Coefficients
    public var uncertainty: Uncertainty
    /// Of each point, in the channel's unit: what the calibrated channel reads minus the reference.
    public var residuals: [Double]
    /// Indices of points the fit left out.
    public var outliers: [Int]
    /// Nominal readings between the least and the largest point that was kept.
    public var range: ClosedRange<Double>
    /// Chi-square of the kept points and its degrees of freedom.
    public var chiSquare: Double
    public var freedom: Int
    /// A current sensor the wrong way round: its gain came out negative.
    public var isReversed: Bool
    /// Standard uncertainty of a curvature that was looked for and not taken, 1 over the channel's
    /// unit; its part of zero and scale is in `linearity`.
    public var curvatureNotTaken: Double
    /// What a person should know, a sentence each.
    public var remarks: [String]
    /// Of a thermistor: the constants that were found.
    public var thermistor: ThermistorConstants?

    public init(
        coefficients: Coefficients, uncertainty: Uncertainty, residuals: [Double],
        outliers: [Int] = [], range: ClosedRange<Double>, chiSquare: Double, freedom: Int,
        isReversed: Bool = false, curvatureNotTaken: Double = 0, remarks: [String] = []
    ) {
        (self.coefficients, self.uncertainty) = (coefficients, uncertainty)
        (self.residuals, self.outliers, self.range) = (residuals, outliers, range)
        (self.chiSquare, self.freedom) = (chiSquare, freedom)
        (self.isReversed, self.remarks) = (isReversed, remarks)
        self.curvatureNotTaken = curvatureNotTaken
    }
}

/// Why points make no calibration.
public struct FitRefusal: Error, Equatable, Sendable {
    public var message: String
    public var remedy: String
    public init(_ message: String, _ remedy: String) {
        (self.message, self.remedy) = (message, remedy)
    }
}
