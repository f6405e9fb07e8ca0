/// Which device is meant, without its number: numbers change when a bridge is unplugged and plugged
/// in again.
public struct DeviceSelector: Codable, Equatable, Hashable, Sendable {
    /// One of the device's names or its label; `*` stands for any text. nil: any name.
    public var name: String?
    /// A part of its parent's path below `/sys`, or of a mark: `usb1/1-2`, `i2c@7e804000`,
    /// `HID_UNIQ=0001`. nil: wherever it hangs.
    public var parent: String?
    /// Which of several that fit, from 0, in the order of their parents' paths, then of their marks;
    /// numbers that change with every plugging in do not count. nil: there must be but one.
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

    /// Devices that fit name and parent, in the order of `index`.
    public func fitting<Device: FoundDevice>(_ devices: [Device]) -> [Device] {
        devices.filter { device in
            let named = name.map { pattern in device.names.contains { fits($0, pattern) } } ?? true
            let placed =
                parent.map { part in
                    ([device.parent] + device.marks).contains {
                        rest(of: $0[...], after: part) != nil
                    }
                } ?? true
            return named && placed
        }.sorted { a, b in
            let (p, q) = (anchored(a.parent), anchored(b.parent))
            if p != q { return naturally(p, before: q) }
            let (m, n) = (a.marks.joined(separator: "\n"), b.marks.joined(separator: "\n"))
            return m != n ? naturally(m, before: n) : a.number < b.number
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
                description: "\(fit.count) \(noun)s fit \(self): \(list); "
                    + "say where it hangs, or which with index 0 ... \(fit.count - 1)")
        }
        return fit[0]
    }
}

/// A path without what the kernel counts afresh each time: adapters (`i2c-3`, `3-0020`) and HID
/// devices (`0003:10C4:EA90.0001`).
func anchored(_ path: String) -> String {
    path.split(separator: "/").map { part in
        if numbered(String(part), "i2c-") != nil { return "i2c-" }
        if i2cChip(String(part)) != nil { return String(part.suffix(5)) }
        let halves = part.split(separator: ".")
        let isHID = halves.count == 2 && halves[0].count { $0 == ":" } == 2 && halves[1].count == 4
        return String(isHID ? halves[0] : part)
    }.joined(separator: "/")
}

/// Whether all of `text` fits `pattern`, where `*` stands for any text.
func fits(_ text: String, _ pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return text == pattern }
    guard text.hasPrefix(parts[0]) else { return false }
    var left = text.dropFirst(parts[0].count)
    for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
        guard let next = rest(of: left, after: part) else { return false }
        left = next
    }
    return left.hasSuffix(parts[parts.count - 1])
}

/// What follows `part` where it first stands in `text`; nil where it does not.
private func rest(of text: Substring, after part: some StringProtocol) -> Substring? {
    var rest = text
    while !rest.hasPrefix(part) {
        if rest.isEmpty { return nil }
        rest = rest.dropFirst()
    }
    return rest.dropFirst(part.count)
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
