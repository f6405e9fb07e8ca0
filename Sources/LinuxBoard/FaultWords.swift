import HAL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension BoardFault {
    /// In words, with the driver's own.
    public var words: String {
        let kind =
            switch kind {
            case .notPresent: "is not there"
            case .bus: "does not answer as it should"
            case .timeout: "did not answer in time"
            case .notPermitted: "may not be used"
            }
        guard code != 0 else { return kind }
        return "\(kind) (\(String(cString: strerror(code.magnitude == 0 ? 0 : abs(code)))))"
    }
}
