import Control

extension SiteProfile {
    /// The controller of a board by its name; nil where the site has none of that name.
    public func settings(of board: String, _ sensing: Sensing) -> ControllerSettings? {
        if board == coupling?.name { return couplingSettings(sensing) }
        if let k = nanogrid?.batteries.firstIndex(where: { $0.name == board }) {
            return nanogridSettings(k, sensing)
        }
        return homes.first { $0.name == board }.map { settings($0, sensing) }
    }

    /// The stages of a board's controller by its name, in the order of its settings.
    public func stages(of board: String) -> [StageProfile] {
        if board == coupling?.name { return gridCode.stages }
        if let nanogrid, let battery = nanogrid.batteries.first(where: { $0.name == board }) {
            return nanogrid.stages(of: battery)
        }
        return homes.first { $0.name == board }?.protection ?? []
    }

    /// The names of the controllers that a simulation of this site runs.
    public var controllerNames: [String] {
        [coupling?.name].compactMap { $0 } + homes.map(\.name)
            + (nanogrid?.batteries.map(\.name) ?? [])
    }
}
