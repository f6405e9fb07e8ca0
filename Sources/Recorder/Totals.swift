import GRDB
import Synchronization

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
        try totals(of: controller, from_s: .min, to_s: .max)
    }

    /// The same of quarters that begin in `from_s ..< to_s`.
    func totals(of controller: String, from_s: Int64, to_s: Int64) throws -> Totals {
        let columns = Figure.all.flatMap(\.energyColumns)
        let sums = (["energy_in_mJ", "energy_out_mJ"] + columns).map { "total(quarter.\"\($0)\")" }
        return try pool.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT \(sums.joined(separator: ", ")) FROM quarter
                      JOIN run ON run.id = quarter.run
                      JOIN controller ON controller.id = run.controller
                    WHERE controller.name = ? AND start_s >= ? AND start_s < ?
                    """, arguments: [controller, from_s, to_s])!
            var totals = Totals()
            (totals.energyIn_mJ, totals.energyOut_mJ) = (whole(row[0]), whole(row[1]))
            for (n, figure) in Figure.all.filter(\.isPower).enumerated() {
                totals.powers[figure.column] = (whole(row[2 + 2 * n]), whole(row[3 + 2 * n]))
            }
            return totals
        }
    }

    /// How often clocks were set in the runs of a controller, and how many runs there are: quarters of the
    /// past are as they were while both are.
    func datings(of controller: String) throws -> [Int64] {
        try pool.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*), total(clock_steps) FROM run
                      JOIN controller ON controller.id = run.controller WHERE controller.name = ?
                    """, arguments: [controller])!
            return [row[0], whole(row[1])]
        }
    }
}

/// The same sums for whoever asks every second: years are summed once a day, and the days since every time.
public final class RunningTotals: Sendable {
    private struct Past: Sendable {
        var totals: Totals
        var to_s: Int64
        var datings: [Int64]
    }
    private let store: Store
    private let past = Mutex<[String: Past]>([:])

    public init(_ store: Store) { self.store = store }

    /// - Parameter now_s: seconds since 1970, UTC; a clock that is wrong costs time, and nothing else.
    public func totals(of controller: String, now_s: Int64) throws -> Totals {
        let day: Int64 = 86_400
        let today_s = now_s.flooredDivision(by: day) * day
        let datings = try store.datings(of: controller)
        var known = past.withLock { $0[controller] }
        if known?.to_s != today_s - day || known?.datings != datings {
            let sums = try store.totals(of: controller, from_s: .min, to_s: today_s - day)
            let made = Past(totals: sums, to_s: today_s - day, datings: datings)
            past.withLock { $0[controller] = made }
            known = made
        }
        var totals = known!.totals
        totals.add(try store.totals(of: controller, from_s: known!.to_s, to_s: .max))
        return totals
    }
}

extension Totals {
    fileprivate mutating func add(_ other: Totals) {
        energyIn_mJ += other.energyIn_mJ
        energyOut_mJ += other.energyOut_mJ
        for (column, energy) in other.powers {
            let mine = powers[column] ?? (0, 0)
            powers[column] = (mine.in_mJ + energy.in_mJ, mine.out_mJ + energy.out_mJ)
        }
    }
}

/// total() is a double: exact up to 2^53 mJ, 2.5 GWh.
private func whole(_ sum: Double) -> Int64 { Int64(sum.rounded()) }
