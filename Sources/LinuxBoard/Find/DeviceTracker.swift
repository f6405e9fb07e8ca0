import Synchronization

/// Where a chosen device is now. A look at all devices is dear; that the one found last time still
/// hangs where it hung is cheap to see, and its place in sysfs changes when it is unplugged.
final class DeviceTracker<Device: FoundDevice>: Sendable {
    private let selector: DeviceSelector
    private let tree: DeviceTree
    private let all: @Sendable () -> [Device]
    private let found = Mutex<(place: DevicePlace, link: String)?>(nil)

    init(
        _ selector: DeviceSelector, tree: DeviceTree, all: @escaping @Sendable () -> [Device]
    ) {
        (self.selector, self.tree, self.all) = (selector, tree, all)
    }

    /// nil where nothing fits, or more than one thing does.
    func place() -> DevicePlace? {
        found.withLock { found in
            if let last = found, tree.real(last.link) == last.place.real { return last.place }
            found = nil
            guard let device = try? selector.choose(from: all()) else { return nil }
            let link = "bus/\(Device.kind.rawValue)/devices/\(Device.kind.device(device.number))"
            guard let real = tree.real(link) else { return nil }
            let place = DevicePlace(node: Device.kind.node(device.number), real: real)
            found = (place, link)
            return place
        }
    }
}

/// Where a device is. A bridge that was unplugged and plugged in again within a moment may have its
/// old node, and still hangs in a new place.
public struct DevicePlace: Equatable, Sendable {
    /// `/dev/i2c-3`
    public var node: String
    /// Its path below `/sys`.
    public var real: String
    public init(node: String, real: String = "") {
        (self.node, self.real) = (node, real)
    }
}
