import BoardProfile
import Foundation
import Scenario

/// Prints the islanding study of the simulated sites as Markdown: the village under the European
/// code, the street under each category of IEEE 1547-2018.
enum IslandingTable {
    static func print() {
        for ride in RideThrough.all {
            let base = site(under: ride.code)
            Swift.print("\n## \(base.gridCode.title): \(base.title)\n")
            islands(base)
            Swift.print("\nDisturbances to ride through (\(ride.table)):\n")
            sags(base, ride)
        }
    }

    /// The board of that code's frequency, with the code in place of its own.
    private static func site(under code: String) -> SiteProfile {
        guard let site = RideThrough.site(under: code, boards: "boards") else {
            Swift.print("boards/ or its grid code \(code) cannot be read from here")
            exit(1)
        }
        return site
    }

    private static func show(_ x: Double?, _ places: Int) -> String {
        x.map { $0.isFinite ? String(format: "%.\(places)f", $0) : "–" } ?? "never"
    }

    private static func islands(_ base: SiteProfile) {
        Swift.print(
            "| generation / load | loss to open, s | lowest Hz | highest Hz | lowest pu | below 0.9 pu, s | sharing error, % | angle at touch, ° | inrush, pu |"
        )
        Swift.print("|---|---|---|---|---|---|---|---|---|")
        for balance in [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2] {
            let o = IslandingStudy.unplanned(base, balance: balance, seed: 1)
            Swift.print(
                "| \(balance) | \(show(o.opened_s, 3)) | \(show(o.lowest_Hz, 2)) | \(show(o.highest_Hz, 2)) | \(show(o.lowest_pu, 3)) | \(show(o.dip_s, 3)) | \(show(o.sharing_percent, 2)) | \(show(o.angle_deg, 1)) | \(show(o.inrush, 2)) |"
            )
        }
    }

    private static func sags(_ base: SiteProfile, _ ride: RideThrough) {
        Swift.print(
            "| voltage, pu | for, s | phase jump, ° | false islandings of 8 | sources tripped of \(8 * base.homes.count) |"
        )
        Swift.print("|---|---|---|---|---|")
        let cycle_s = 1 / base.frequency_Hz
        for row in ride.rows {
            let ridden = (0..<8).map {
                IslandingStudy.ride(
                    base, row, at_s: 5 + Double($0) * cycle_s / 8, seed: UInt64($0))
            }
            Swift.print(
                "| \(row.pu) | \(show(row.seconds, 2)) | \(show(row.jump_deg, 0)) | \(ridden.count { $0.islanded }) | \(ridden.reduce(0) { $0 + $1.tripped.count }) |"
            )
        }
    }
}
