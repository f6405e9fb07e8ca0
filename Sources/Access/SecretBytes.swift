#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Bytes that nobody can guess, from the kernel: getentropy(3). For salts and sessions; what is simulated has a
/// seed, and none of these.
///
/// - Parameter count: 1 ... 256.
public func secretBytes(_ count: Int) -> [UInt8] {
    precondition((1...256).contains(count), "1 to 256 bytes")
    var bytes = [UInt8](repeating: 0, count: count)
    // A kernel that has none to give cannot keep a secret, and nobody must sign in.
    precondition(getentropy(&bytes, count) == 0, "the kernel gives no random bytes")
    return bytes
}
