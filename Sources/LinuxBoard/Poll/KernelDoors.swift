import HAL

extension BusThread.Door {
    /// The I²C adapter that `selector` means, wherever it is.
    public static func kernel(_ selector: DeviceSelector, tree: DeviceTree = DeviceTree()) -> Self {
        let finder = Finder(tree: tree)
        let tracker = DeviceTracker<FoundBus>(selector, tree: tree) { finder.buses() }
        return Self(
            place: { tracker.place() },
            open: { (path) throws(BoardFault) in try I2CBus(path: path) })
    }
}

extension LineThread.Door {
    /// The GPIO chip that `selector` means, wherever it is, with these lines requested: bit n of
    /// wishes and levels is `lines[n]`.
    public static func kernel(
        _ selector: DeviceSelector, _ lines: [ChipLines.Line], tree: DeviceTree = DeviceTree()
    ) -> Self {
        let finder = Finder(tree: tree)
        let tracker = DeviceTracker<FoundGPIOChip>(selector, tree: tree) { finder.gpio() }
        return Self(
            place: { tracker.place() },
            open: { (path) throws(BoardFault) in
                try ChipLines(path: path, lines) { UInt64(monotonic_ns()) }
            })
    }
}
