import BoardProfile

/// Disturbances of the grid that a code asks a site to ride through: no island may come of them.
public struct RideThrough: Sendable {
    public struct Row: Sendable, Equatable {
        /// Positive-sequence voltage at the point of common coupling while it lasts, of nominal.
        public var pu: Double
        public var seconds: Double
        /// Phase jump with its beginning, taken back at its end.
        public var jump_deg: Double
        public init(_ pu: Double, _ seconds: Double, _ jump_deg: Double) {
            (self.pu, self.seconds, self.jump_deg) = (pu, seconds, jump_deg)
        }
    }
    /// The file of `boards/grid-codes`, and the table it is of.
    public var code: String
    public var table: String
    public var rows: [Row]

    /// Phase jumps of IEEE 1547-2018 clause 6.5.2.6: 20° of positive sequence.
    private static let jumps = [Row(1.0, 1.0, 20), Row(1.0, 1.0, -20)]

    /// IEEE 1547-2018 table 14. The trip at 0.70 pu may take 2 s, so 0.70 to 0.88 rides 0.7 s and
    /// 4 s/pu above 0.70; 0.50 to 0.70 rides 0.16 s; 1.10 to 1.20 from 1 s down to 0.16 s.
    public static let categoryI = RideThrough(
        code: "ieee-1547-2018-cat-1", table: "IEEE 1547-2018, table 14",
        rows: [
            Row(0.87, 0.7 + 4 * 0.17, 0), Row(0.85, 0.7 + 4 * 0.15, 10),
            Row(0.80, 0.7 + 4 * 0.10, -10), Row(0.75, 0.7 + 4 * 0.05, 20),
            Row(0.705, 0.7 + 4 * 0.005, -20), Row(0.65, 0.16, 20), Row(0.55, 0.16, -20),
            Row(0.50, 0.16, 0), Row(1.12, 1.0, 0), Row(1.17, 0.5, 10), Row(1.19, 0.16, -10),
        ] + jumps)

    /// IEEE 1547-2018 table 15: 0.65 to 0.88 pu rides 3 s and 8.7 s/pu above 0.65; 0.45 to 0.65
    /// 0.32 s; 0.30 to 0.45 0.16 s; 1.10 to 1.20 from 1 s down to 0.2 s.
    public static let categoryII = RideThrough(
        code: "ieee-1547-2018-cat-2", table: "IEEE 1547-2018, table 15",
        rows: [
            Row(0.87, 3 + 8.7 * 0.22, 0), Row(0.80, 3 + 8.7 * 0.15, 10),
            Row(0.75, 3 + 8.7 * 0.10, -20), Row(0.70, 3 + 8.7 * 0.05, 20),
            Row(0.655, 3 + 8.7 * 0.005, -20), Row(0.65, 0.32, 0), Row(0.55, 0.32, 20),
            Row(0.455, 0.32, -20), Row(0.45, 0.16, 10), Row(0.35, 0.16, -20), Row(0.30, 0.16, 20),
            Row(1.12, 1.0, 0), Row(1.17, 0.5, 10), Row(1.19, 0.2, -10),
        ] + jumps)

    /// IEEE 1547-2018 table 16: 0.70 to 0.88 pu rides 20 s, 0.50 to 0.70 10 s, below 0.50 1 s;
    /// 1.10 to 1.20 12 s.
    public static let categoryIII = RideThrough(
        code: "ieee-1547-2018-cat-3", table: "IEEE 1547-2018, table 16",
        rows: [
            Row(0.87, 20, 0), Row(0.80, 20, 10), Row(0.705, 20, -20), Row(0.69, 10, 20),
            Row(0.60, 10, 0), Row(0.505, 10, -20), Row(0.49, 1, 20), Row(0.30, 1, -20),
            Row(0.10, 1, 0), Row(0.0, 1, 0), Row(1.12, 12, 0), Row(1.19, 12, 10),
        ] + jumps)

    /// The European code has its own curve; its text was not to be had, so these are the rows of
    /// IEEE 1547-2018 that leave the interface protection of the file (0.80 pu for 2 s, 0.45 pu for
    /// 0.16 s, 1.20 pu for 0.1 s) room.
    public static let european = RideThrough(
        code: "en-50549-1", table: "inside the stages of EN 50549-1",
        rows: [
            Row(0.87, 4.92, 0), Row(0.85, 4.74, 0), Row(0.82, 4.48, 10), Row(0.79, 1.8, 0),
            Row(0.75, 1.8, -20), Row(0.70, 1.8, 20), Row(0.65, 1.8, -20), Row(0.60, 1.8, 20),
            Row(0.50, 1.8, 0), Row(0.46, 1.8, 10), Row(0.40, 0.14, -20), Row(0.30, 0.14, 20),
            Row(0.10, 0.10, 0), Row(1.12, 1.0, 0), Row(1.18, 1.0, 0),
        ] + jumps)

    public static let all = [european, categoryI, categoryII, categoryIII]

    /// The simulated site of that code's frequency with that code, from the folder of boards; nil
    /// where a file is missing or wrong.
    public static func site(under code: String, boards: String) -> SiteProfile? {
        let board = code.hasPrefix("ieee") ? "sim-street" : "sim-village"
        guard var site = SiteProfile.load("\(boards)/\(board)").value,
            let gridCode = GridCodeProfile.load("\(boards)/grid-codes/\(code).yaml").value
        else { return nil }
        site.gridCode = gridCode
        return site
    }
}
