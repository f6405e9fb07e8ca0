import HAL

extension BusThread.Door {
    /// The I²C adapter that `selector` means, wherever it is.
    public static func kernel(_ selector: DeviceSelector, tree: DeviceTree = DeviceTree()) -> Self {
        let finder = Finder(tree: tree)
        let tracker = DeviceTracker<FoundBus>(selector, tree: tree) { finder.buses() }
        return Self(
            path: { tracker.node() },
            open: { (path) throws(BoardFault) in try I2CBus(path: path) })
    }
}

/// A line of a GPIO chip, as its thread requests it.
public struct LineWish: Equatable, Sendable {
    public var offset: Int
    public var activeLow: Bool
    public var drive: LineDrive
    public var bias: LineBias
    public var debounce_us: UInt32
    public init(
        offset: Int, activeLow: Bool = false, drive: LineDrive = .pushPull,
        bias: LineBias = .asIs, debounce_us: UInt32 = 0
    ) {
        (self.offset, self.activeLow, self.drive) = (offset, activeLow, drive)
        (self.bias, self.debounce_us) = (bias, debounce_us)
    }
}

extension LineThread.Door {
    /// The GPIO chip that `selector` means, wherever it is, with these lines requested.
    public static func kernel(
        _ selector: DeviceSelector, outputs: [LineWish], inputs: [LineWish],
        tree: DeviceTree = DeviceTree()
    ) -> Self {
        let finder = Finder(tree: tree)
        let tracker = DeviceTracker<FoundGPIOChip>(selector, tree: tree) { finder.gpio() }
        return Self(
            path: { tracker.node() },
            open: { (path) throws(BoardFault) in
                try LineGroups(
                    path: path,
                    outputs: outputs.map {
                        .init(
                            line: OutputLine(offset: $0.offset, activeLow: $0.activeLow),
                            drive: $0.drive)
                    },
                    inputs: inputs.map {
                        .init(
                            line: InputLine(offset: $0.offset, activeLow: $0.activeLow),
                            bias: $0.bias, debounce_us: $0.debounce_us)
                    })
            })
    }
}
