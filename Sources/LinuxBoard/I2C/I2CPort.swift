import HAL

/// One I²C adapter as a chip sees it. A call blocks its caller until the adapter answers or gives
/// up, which may take seconds: bus threads call it, never the tick.
public protocol I2CPort: AnyObject {
    /// Writes `bytes`, then reads `count` bytes after a repeated start, with no stop between.
    ///
    /// - Parameters:
    ///   - address: seven bits, 0x08 ... 0x77.
    ///   - bytes: 0 ... 64 bytes; none: only reads.
    ///   - count: 0 ... 64 bytes; none: only writes.
    /// - Throws: `.notPresent` where nobody answered the address or the adapter is gone, `.timeout`
    ///   where the bus hangs, `.bus` for anything else, `.notPermitted`.
    func transfer(_ address: UInt8, write bytes: [UInt8], read count: Int) throws(BoardFault)
        -> [UInt8]
}
