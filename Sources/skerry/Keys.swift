import BoardProfile
import Control
import Plant
import Report
import Scenario
import SimBoard

/// What the keys of the live view make happen.
struct Keys {
    static func hint(_ site: SiteProfile) -> String {
        site.nanogrid == nil
            ? "q quit · g grid · s sag · c cloud · i island · a acknowledge · 1–\(site.homes.count) break a sensor"
            : "q quit · c cloud · a acknowledge"
    }

    private var gridIsGone = false
    private var isCloudy = false
    private var isIsland = false
    private var broken: Set<String> = []

    mutating func happening(_ key: Key, _ frame: LiveFrame?) -> ScheduledHappening? {
        guard case .character(let character) = key, let frame else { return nil }
        let now = frame.time_s
        if frame.isDC && !"ca".contains(character) { return nil }
        switch character {
        case "g":
            // The scenario may have failed the grid itself: what is seen decides.
            gridIsGone = !frame.grid.isHealthy
            gridIsGone.toggle()
            return gridIsGone
                ? .init(at_s: now, text: "the grid fails", .grid(.loss))
                : .init(at_s: now, text: "the grid returns", .grid(.restoration()))
        case "s":
            return .init(at_s: now, text: "the grid sags to 0.6", .grid(.voltage_pu(0.6)))
        case "S":
            return .init(at_s: now, text: "the sag ends", .grid(.voltage_pu(1)))
        case "c":
            isCloudy.toggle()
            return .init(
                at_s: now, text: isCloudy ? "a cloud" : "sun",
                .irradiance(home: nil, Wm2: isCloudy ? 120 : 700))
        case "i":
            isIsland.toggle()
            return .init(
                at_s: now, text: isIsland ? "a person asks for an island" : "the island may end",
                .wish(island: isIsland, connect: nil, acknowledge: false))
        case "a":
            return .init(
                at_s: now, text: "a person acknowledges",
                .wish(island: nil, connect: nil, acknowledge: true))
        default:
            guard let n = character.wholeNumberValue, n >= 1, n <= frame.homes.count else {
                return nil
            }
            let name = frame.homes[n - 1].name
            let breaks = broken.insert(name).inserted
            if !breaks { broken.remove(name) }
            return .init(
                at_s: now, text: "\(name): bus voltage sensor \(breaks ? "freezes" : "mended")",
                .sensor(board: name, .wave(.busA), breaks ? .freeze : nil))
        }
    }
}
