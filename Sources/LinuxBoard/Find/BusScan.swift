import Glibc
import HAL

/// Which addresses of a bus answer. Asking can disturb chips: some take it for a command, a few lock
/// up the bus. So nobody scans unasked.
///
/// Each address is asked as i2cdetect(8) does: where memories and clocks live that a write would
/// spoil (0x30 ... 0x37, 0x50 ... 0x5F) by reading a byte, elsewhere by an empty write, to which a
/// chip says no more than that it is there. Where the adapter cannot send an empty write, by reading
/// a byte.
public struct BusScan: Codable, Equatable, Sendable {
    /// Addresses that answered.
    public var present: [UInt8] = []
    /// Addresses that a kernel driver holds; they were not asked.
    public var claimed: [UInt8] = []
    /// Addresses where asking ran out of time rather than hearing no: all of them, and the bus
    /// hangs (a line held low, or no pull-up resistors).
    public var timedOut: [UInt8] = []

    /// - Parameters:
    ///   - claimed: addresses not to ask.
    ///   - addresses: those to ask; the usual ones leave out what the I²C specification reserves.
    /// - Throws: `.notPermitted`, and `.notPresent` with ENODEV where the adapter itself is gone.
    public init(
        _ port: any I2CPort, claimed: Set<UInt8> = [],
        addresses: ClosedRange<UInt8> = 0x08...0x77
    ) throws(BoardFault) {
        precondition(addresses.lowerBound >= 0x08 && addresses.upperBound <= 0x77)
        var writesNothing = true
        for address in addresses {
            if claimed.contains(address) {
                self.claimed.append(address)
                continue
            }
            let readsOnly = (0x30...0x37).contains(address) || (0x50...0x5F).contains(address)
            do throws(BoardFault) {
                if writesNothing && !readsOnly {
                    do throws(BoardFault) {
                        _ = try port.transfer(address, write: [], read: 0)
                    } catch {
                        guard error.code == EOPNOTSUPP || error.code == EINVAL else { throw error }
                        writesNothing = false
                        _ = try port.transfer(address, write: [], read: 1)
                    }
                } else {
                    _ = try port.transfer(address, write: [], read: 1)
                }
                present.append(address)
            } catch {
                switch (error.kind, error.code) {
                case (.notPermitted, _), (_, ENODEV): throw error
                case (_, EBUSY): self.claimed.append(address)
                case (.timeout, _): timedOut.append(address)
                default: break
                }
            }
        }
    }
}
