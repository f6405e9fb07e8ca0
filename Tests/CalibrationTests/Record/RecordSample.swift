import BoardProfile
import Control
import Foundation

@testable import Calibration

/// SplitMix64 (Steele, Lea and Flood 2014), for records, faults and moments.
struct RecordDice {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    /// 0 ..< bound
    mutating func below(_ bound: Int) -> Int { Int(bits() >> 1) % bound }
    mutating func unit() -> Double { Double(bits() >> 11) * 0x1p-53 }
    mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
    mutating func chance(_ p: Double) -> Bool { unit() < p }
    /// All 53 bits of the mantissa, of any size from 1e-12 to 1e12.
    mutating func number() -> Double {
        let size = Double("1e\(below(25) - 12)") ?? 1
        return uniform(-1, 1) * size
    }
    mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }
}

extension CalibrationRecord {
    /// A channel of a battery board, calibrated at five points on the morning of 22 November 2026.
    static func sample(
        _ channel: Calibrated = .scalar(.batteryVoltage), serial: String = "10000000f2a1"
    ) -> CalibrationRecord {
        let taken = [(0.013, 0.0), (11.893, 12), (23.773, 24), (47.533, 48), (57.037, 57.6)]
        let points = taken.enumerated().map { n, taken in
            Point(
                raw: taken.0, deviation: 0.002, count: 50, reference: taken.1,
                temperature_degC: 21.5, at_s: 1_795_341_600 + 60 * Double(n))
        }
        return CalibrationRecord(
            channel: channel, board: "pi-dc48", serial: serial,
            nominal: Nominal(
                from: "battery.bus_voltage", gain: 1, offset: 0, resolution: 0.00125, lowest: 0,
                highest: 81.92),
            coefficients: Coefficients(zero: -0.0131, scale: 0.0101, temperature_degC: 21.5),
            uncertainty: Uncertainty(
                covariance: [[1e-6, -2e-8, 0], [-2e-8, 1e-9, 0], [0, 0, 0]],
                parts: [
                    Uncertainty.Part("reference", .B, zero: 0.003, scale: 0.0002),
                    Uncertainty.Part("resolution", .B, zero: 0.00036),
                ]),
            range: 0...57.6, points: points,
            reference: ReferenceMeter(
                model: "Fluke 87V", serial: "12345678", certificate: "D-K-15070-01-00",
                due: "2027-03-31", form: .limits, ofReading: 0.0005, absolute: 0.01,
                resolution: 0.001),
            person: "A. Installer", at_s: 1_795_342_200.25, temperature_degC: 21.5,
            software: "0.5.0")
    }

    /// Any record that is in order, with texts that are hard on a file.
    static func random(_ dice: inout RecordDice) -> CalibrationRecord {
        let channel = dice.pick(Calibrated.all)
        let texts = [
            "A. Müller", "O'Neil \"Bob\"", "50 % # of: {all} [it]", "- x", "1.5", "true", "~",
            "& *a",
            "日本", "a\u{A0}b\u{200B}c", "back\\slash", "ends in space ", " begins", "👷🏽‍♀️", "é",
        ]
        let largest = dice.uniform(1, 1000)
        let lowest = dice.pick([0, -largest, largest / 2, largest])
        let directed = ["A", "W", "var"].contains(channel.unit)
        let sign = directed && dice.chance(0.3) ? -1.0 : 1.0
        var record = CalibrationRecord(
            channel: channel, number: 1 + dice.below(9999),
            board: dice.pick(["pi-ac", "1.5", "on"]),
            serial: "10000000f2a1",
            nominal: Nominal(
                from: dice.pick(["", "adc.voltage0"]), gain: dice.number(), offset: dice.number(),
                resolution: abs(dice.number()), lowest: dice.pick([-.infinity, dice.number()]),
                highest: dice.pick([.infinity, dice.number()]), isAlternating: dice.chance(0.5)),
            coefficients: Coefficients(
                zero: largest * dice.uniform(-0.5, 0.5), scale: sign * dice.uniform(0.5, 1.5) - 1,
                curvature: dice.uniform(-0.2, 0.2) / largest, zeroPerKelvin: dice.number(),
                scalePerKelvin: dice.uniform(-0.01, 0.01),
                temperature_degC: dice.pick([nil, dice.uniform(-40, 85)]),
                phase_deg: dice.uniform(-30, 30), skew_s: dice.uniform(-0.02, 0.02)),
            uncertainty: Uncertainty(
                covariance: covariance(&dice),
                parts: (0..<dice.below(6)).map {
                    .init(
                        "part \($0)", dice.pick([.A, .B]), zero: abs(dice.number()),
                        scale: dice.unit())
                }, phase_deg: dice.unit(), skew_s: dice.unit()),
            range: min(lowest, largest)...largest, points: [],
            reference: ReferenceMeter(
                model: dice.pick(texts), serial: dice.pick([""] + texts),
                certificate: dice.pick([""] + texts), due: dice.pick(["", "2028-02-29"]),
                form: dice.pick(ReferenceMeter.Form.allCases), ofReading: dice.unit(),
                absolute: abs(dice.number()), resolution: abs(dice.number())),
            person: dice.pick(texts), at_s: dice.uniform(0, 4e9),
            temperature_degC: dice.pick([nil, dice.uniform(-40, 85)]), software: dice.pick(texts),
            note: dice.pick([""] + texts), measured_s: dice.pick([nil, dice.uniform(0, 4e9)]))
        if case .travel = channel {
            record.travel = Travel(
                close_s: dice.unit(), open_s: dice.unit(), closeSpread_s: dice.unit(),
                openSpread_s: dice.unit(), operations: 1 + dice.below(1000))
        }
        record.points = (0..<dice.below(12)).map { _ in point(&dice) }
        record.outliers = record.points.indices.filter { _ in dice.chance(0.2) }
        return record
    }

    static func point(_ dice: inout RecordDice) -> Point {
        Point(
            raw: dice.number(), deviation: abs(dice.number()), count: 1 + dice.below(100_000),
            reference: dice.number(), referenceDeviation: dice.pick([0, abs(dice.number())]),
            mean: dice.pick([nil, dice.number()]),
            phase_deg: dice.pick([nil, dice.uniform(-180, 180)]),
            referencePhase_deg: dice.pick([nil, dice.uniform(-180, 180)]),
            temperature_degC: dice.pick([nil, dice.uniform(-40, 85)]),
            at_s: dice.pick([0, dice.uniform(0, 4e9), dice.unit() * 1e-6]))
    }

    /// L · Lᵀ of a random L, its rows in units far apart.
    private static func covariance(_ dice: inout RecordDice) -> [[Double]] {
        let units = [1, 1e-3, 1e-7]
        let l = (0..<3).map { a in
            (0..<3).map { b in b <= a ? dice.uniform(-1, 1) * units[a] : 0 }
        }
        return (0..<3).map { a in
            (0..<3).map { b in (0..<3).reduce(0) { $0 + l[a][$1] * l[b][$1] } }
        }
    }
}

/// A new folder for one test; removed by whoever made it.
func scratchFolder() throws -> String {
    let url = FileManager.default.temporaryDirectory
        .appendingPathComponent("calibration-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.path
}
