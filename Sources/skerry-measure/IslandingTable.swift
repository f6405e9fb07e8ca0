import BoardProfile
import Foundation
import Scenario

/// Prints the islanding study of the simulated village as Markdown.
enum IslandingTable {
    static func print() {
        guard let base = SiteProfile.load("boards/sim-village").value else {
            Swift.print("boards/sim-village cannot be read from here")
            exit(1)
        }
        func show(_ x: Double?, _ places: Int) -> String {
            x.map { $0.isFinite ? String(format: "%.\(places)f", $0) : "–" } ?? "never"
        }
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
        Swift.print("\n| sag to, pu | for, s | phase jump, ° | false islandings of 8 |")
        Swift.print("|---|---|---|---|")
        for sag in IslandingStudy.rideThrough {
            let wrong = (0..<8).filter {
                IslandingStudy.falsely(
                    base, sag, at_s: 5 + Double($0) * 0.0025, seed: UInt64($0))
            }
            Swift.print("| \(sag.pu) | \(sag.seconds) | \(sag.jump_deg) | \(wrong.count) |")
        }
    }
}
