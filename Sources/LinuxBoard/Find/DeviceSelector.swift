/// Which device is meant, without its number: numbers change when a bridge is unplugged and plugged
/// in again.
public struct DeviceSelector: Codable, Equatable, Hashable, Sendable {
    /// One of the device's names or its label; `*` stands for any text. nil: any name.
    public var name: String?
    /// A part of its parent's path below `/sys`, or of a mark: `usb1/1-2`, `i2c@7e804000`,
    /// `HID_UNIQ=0001`. nil: wherever it hangs.
    public var parent: String?
    /// Which of several that fit, from 0, in the order of their parents' paths. nil: there must be
    /// but one.
    public var index: Int?

    public init(name: String? = nil, parent: String? = nil, index: Int? = nil) {
        self.name = name
        self.parent = parent
        self.index = index
    }
}

/// A device that can be chosen.
public protocol FoundDevice: Sendable {
    static var kind: DeviceKind { get }
    /// What the kernel counts it as now.
    var number: Int { get }
    /// Names and label, best first.
    var names: [String] { get }
    /// Path of the device it hangs on, below `/sys`.
    var parent: String { get }
    var marks: [String] { get }
}

extension FoundDevice {
    /// `i2c-1 “bcm2835 (i2c@7e804000)”`
    public var described: String {
        "\(Self.kind.device(number))\(names.first.map { " “\($0)”" } ?? "")"
    }
}

/// Why no device was chosen, in words.
public struct SelectorMiss: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: String, Codable, Sendable { case missing, ambiguous }
    public var kind: Kind
    public var description: String
}

extension DeviceSelector: CustomStringConvertible {
    /// `“CP2112*” at “usb1/1-2”, index 1`
    public var description: String {
        var words = name.map { "“\($0)”" } ?? "any"
        if let parent { words += " at “\(parent)”" }
        if let index { words += ", index \(index)" }
        return words
    }

    /// Devices that fit name and parent, in the order of their parents' paths.
    public func fitting<Device: FoundDevice>(_ devices: [Device]) -> [Device] {
        devices.filter { device in
            let named = name.map { pattern in device.names.contains { fits($0, pattern) } } ?? true
            let placed =
                parent.map { part in ([device.parent] + device.marks).contains { $0.contains(part) }
                } ?? true
            return named && placed
        }.sorted {
            $0.parent != $1.parent
                ? naturally($0.parent, before: $1.parent) : $0.number < $1.number
        }
    }

    /// - Throws: that none fits, or several and no index says which; both with what there is.
    public func choose<Device: FoundDevice>(from devices: [Device]) throws(SelectorMiss) -> Device {
        let noun = Device.kind.noun
        let fit = fitting(devices)
        let list = (fit.isEmpty ? devices : fit).map(\.described).joined(separator: ", ")
        guard !fit.isEmpty else {
            throw SelectorMiss(
                kind: .missing,
                description: devices.isEmpty
                    ? "there is no \(noun) at all" : "no \(noun) fits \(self); there is \(list)")
        }
        if let index {
            guard fit.indices.contains(index) else {
                throw SelectorMiss(
                    kind: .missing,
                    description: "\(self): \(fit.count) fit, counted from 0: \(list)")
            }
            return fit[index]
        }
        guard fit.count == 1 else {
            throw SelectorMiss(
                kind: .ambiguous,
                description: "\(fit.count) of \(noun) fit \(self): \(list); "
                    + "say where it hangs, or which with index 0 ... \(fit.count - 1)")
        }
        return fit[0]
    }
}

/// Whether all of `text` fits `pattern`, where `*` stands for any text.
func fits(_ text: String, _ pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return text == pattern }
    guard text.hasPrefix(parts[0]) else { return false }
    var rest = text.dropFirst(parts[0].count)
    for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
        guard let found = rest.firstRange(of: part) else { return false }
        rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
}

/// Whether `a` stands before `b` where runs of digits count as numbers: `1-2` before `1-10`.
func naturally(_ a: String, before b: String) -> Bool {
    func pieces(_ text: String) -> [Substring] {
        text.chunked { $0.isNumber == $1.isNumber }
    }
    for (x, y) in zip(pieces(a), pieces(b)) where x != y {
        if let m = Int(x), let n = Int(y), m != n { return m < n }
        return x < y
    }
    return a.count < b.count
}

extension String {
    /// Cut where `together` is false of two neighbours.
    fileprivate func chunked(_ together: (Character, Character) -> Bool) -> [Substring] {
        var chunks: [Substring] = []
        var start = startIndex
        for at in indices.dropFirst() where !together(self[index(before: at)], self[at]) {
            chunks.append(self[start..<at])
            start = at
        }
        return isEmpty ? [] : chunks + [self[start...]]
    }
}
