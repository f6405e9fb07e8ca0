/// Settings that Texas Instruments' shunt monitors share.
enum INAOptions {
    static let shunt = ChipOption(
        "shunt_ohm", "Ω", .range(1e-5...10), standard: nil, "resistance of the shunt")
    static let currentLSB = ChipOption(
        "current_lsb_A", "A", .range(0...10), standard: 0,
        "step of the current register; 0 takes the finest that cannot overflow")
    static let averaging = ChipOption(
        "averaging", "", .oneOf([1, 4, 16, 64, 128, 256, 512, 1024]), standard: 1,
        "conversions averaged into one reading")
    static let times: [Double] = [140, 204, 332, 588, 1100, 2116, 4156, 8244]
    static let busConversion = ChipOption(
        "bus_conversion_us", "µs", .oneOf(times), standard: 1100,
        "time of one conversion of the bus voltage")
    static let shuntConversion = ChipOption(
        "shunt_conversion_us", "µs", .oneOf(times), standard: 1100,
        "time of one conversion of the shunt voltage")

    /// `scale` / (`step_A` · `shunt_Ohm`), cut to a whole number: the calibration register.
    static func calibration(
        _ scale: Double, _ shunt_Ohm: Double, _ step_A: Double, _ range: ClosedRange<Int>
    ) throws(ChipRefusal) -> UInt16 {
        // The factor keeps a quotient that is whole on paper from being cut to one less.
        let exact = (scale / (step_A * shunt_Ohm) * (1 + 1e-9)).rounded(.down)
        guard exact >= Double(range.lowerBound), exact <= Double(range.upperBound) else {
            let low = scale / (Double(range.upperBound) * shunt_Ohm)
            let high = scale / (Double(range.lowerBound) * shunt_Ohm)
            throw ChipRefusal(
                currentLSB.name, "\(step_A) A does not suit a shunt of \(shunt_Ohm) Ω",
                remedy: "give \(low) ... \(high) A, or 0")
        }
        return UInt16(exact)
    }
}
