import Synchronization

/// Where a chosen device is now. A look at all devices is dear; that the one found last time still
/// hangs where it hung is cheap to see, and its place in sysfs changes when it is unplugged.
final class DeviceTracker<Device: FoundDevice>: Sendable {
    private let selector: DeviceSelector
    private let tree: DeviceTree
    private let all: @Sendable () -> [Device]
    private let found = Mutex<(node: String, link: String, real: String)?>(nil)

    init(
        _ selector: DeviceSelector, tree: DeviceTree, all: @escaping @Sendable () -> [Device]
    ) {
        (self.selector, self.tree, self.all) = (selector, tree, all)
    }

    /// `/dev/i2c-3`; nil where nothing fits, or more than one thing does.
    func node() -> String? {
        found.withLock { found in
            if let last = found, tree.real(last.link) == last.real { return last.node }
            found = nil
            guard let device = try? selector.choose(from: all()) else { return nil }
            let name = Device.kind.device(device.number)
            let link = "bus/\(Device.kind.rawValue)/devices/\(name)"
            guard let real = tree.real(link) else { return nil }
            found = (Device.kind.node(device.number), link, real)
            return found?.node
        }
    }
}
