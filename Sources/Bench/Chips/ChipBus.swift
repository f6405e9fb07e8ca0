/// Chips on the wires of one bridge, each with what is wrong with its connection.
public struct ChipBus: SMBus, Sendable {
    struct Place: Sendable {
        let address: UInt8
        /// What its analogue pins see, from the first.
        let sees: [Signal]
        var chip: any VirtualChip
        /// Does not acknowledge.
        var isAbsent = false
    }
    var places: [Place]
    /// Times an address was called that nobody answered.
    public private(set) var refusals = 0

    init(_ places: [Place]) { self.places = places }

    private func place(_ address: UInt8) -> Int? {
        places.firstIndex { $0.address == address && !$0.isAbsent }
    }

    public mutating func write(_ address: UInt8, _ bytes: [UInt8], at now_s: Double) -> Wrote {
        guard let n = place(address) else {
            refusals += 1
            return .addressRefused
        }
        return places[n].chip.write(bytes) == bytes.count ? .all : .dataRefused
    }

    public mutating func read(_ address: UInt8, count: Int, at now_s: Double) -> [UInt8]? {
        guard let n = place(address) else {
            refusals += 1
            return nil
        }
        return places[n].chip.read(count)
    }
}
