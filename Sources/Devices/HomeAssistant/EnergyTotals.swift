/// Energies of one controller since its store began, Wh: they only grow. nil: not measured there.
///
/// They are totals on purpose. What grew while a broker was away is in the next figure that arrives, and
/// Home Assistant's `total_increasing` takes differences by itself.
public struct EnergyTotals: Equatable, Sendable {
    public var pv_Wh: Double?
    public var wind_Wh: Double?
    /// Consumed, positive.
    public var load_Wh: Double?
    public var ev_Wh: Double?
    /// Into the battery, and out of it.
    public var batteryIn_Wh: Double?
    public var batteryOut_Wh: Double?
    /// From the grid, and to it.
    public var gridIn_Wh: Double?
    public var gridOut_Wh: Double?

    public init(
        pv_Wh: Double? = nil, wind_Wh: Double? = nil, load_Wh: Double? = nil,
        ev_Wh: Double? = nil, batteryIn_Wh: Double? = nil, batteryOut_Wh: Double? = nil,
        gridIn_Wh: Double? = nil, gridOut_Wh: Double? = nil
    ) {
        self.pv_Wh = pv_Wh
        self.wind_Wh = wind_Wh
        self.load_Wh = load_Wh
        self.ev_Wh = ev_Wh
        self.batteryIn_Wh = batteryIn_Wh
        self.batteryOut_Wh = batteryOut_Wh
        self.gridIn_Wh = gridIn_Wh
        self.gridOut_Wh = gridOut_Wh
    }
}
