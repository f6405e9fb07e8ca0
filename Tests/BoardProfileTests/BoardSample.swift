import BoardProfile

/// A small village and the grid code it names, as files in memory.
enum BoardSample {
    static let code = """
        title: Sample code
        enter_service: {low_pu: 0.85, high_pu: 1.1, low_Hz: 49.5, high_Hz: 50.2, delay_s: 60}
        stages:
          - {name: UV, watches: grid_voltage_low, pickup_pu: 0.8, clearing_s: 2, action: island}
          - {name: OF, watches: grid_frequency, sense: over, pickup_Hz: 51.5, clearing_s: 0.2, action: island}

        """
    static let board = """
        title: Sample
        grid_code: sample
        coupling: {rated_A: 63}
        home_stages:
          - {name: OV, watches: bus_voltage_high, pickup_pu: 1.25, clearing_s: 0.2, action: trip_source}
        homes:
          - name: a
            battery: {charge_percent: 65}
          - name: b

        """
    static let nanogrid = """
        title: Cabin
        nanogrid:
          batteries:
            - {name: east}
          stages:
            - {name: OV, watches: dc_bus_voltage, sense: over, pickup_V: 58, clearing_s: 0.1, reset_s: 9, action: trip_source}

        """

    static func read(_ board: String, code: String = code) -> Reading<SiteProfile> {
        let files = ["v/board.yaml": board, "grid-codes/sample.yaml": code]
        return SiteProfile.section.read("v/board.yaml", in: BoardFolder(memory: files))
    }

    /// The problems of the board, or the code, in which `old` stands as `new`.
    static func problems(_ old: String, _ new: String) -> [String] {
        if board.contains(old) {
            return read(board.replacing(old, with: new)).problems.map(\.description)
        }
        if code.contains(old) {
            return read(board, code: code.replacing(old, with: new)).problems.map(\.description)
        }
        precondition(nanogrid.contains(old), "the sample has no \(old)")
        return read(nanogrid.replacing(old, with: new)).problems.map(\.description)
    }
}
