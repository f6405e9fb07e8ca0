import GRDB

/// All the energy of a controller that is in the store, mJ.
public struct Totals: Equatable, Sendable {
    public var energyIn_mJ: Int64 = 0, energyOut_mJ: Int64 = 0
    /// By the columns of figures that are powers, as `pv_W`: into the bus and out of it.
    public var powers: [String: (in_mJ: Int64, out_mJ: Int64)] = [:]

    public static func == (a: Totals, b: Totals) -> Bool {
        a.energyIn_mJ == b.energyIn_mJ && a.energyOut_mJ == b.energyOut_mJ
            && a.powers.mapValues { [$0.in_mJ, $0.out_mJ] }
                == b.powers.mapValues { [$0.in_mJ, $0.out_mJ] }
    }
}

extension Store {
    /// Sums over all quarters of a controller. They only grow, but for what retention takes after years.
    public func totals(of controller: String) throws -> Totals {
        let columns = Figure.all.flatMap(\.energyColumns)
        let sums = (["energy_in_mJ", "energy_out_mJ"] + columns).map { "total(quarter.\"\($0)\")" }
        return try pool.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT \(sums.joined(separator: ", ")) FROM quarter
                      JOIN run ON run.id = quarter.run
                      JOIN controller ON controller.id = run.controller
                    WHERE controller.name = ?
                    """, arguments: [controller])!
            var totals = Totals()
            (totals.energyIn_mJ, totals.energyOut_mJ) = (whole(row[0]), whole(row[1]))
            for (n, figure) in Figure.all.filter(\.isPower).enumerated() {
                totals.powers[figure.column] = (whole(row[2 + 2 * n]), whole(row[3 + 2 * n]))
            }
            return totals
        }
    }
}

/// total() is a double: exact up to 2^53 mJ, 2.5 GWh.
private func whole(_ sum: Double) -> Int64 { Int64(sum.rounded()) }
