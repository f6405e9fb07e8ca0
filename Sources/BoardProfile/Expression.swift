#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The owner of one POSIX extended regular expression.
///
/// Matched byte by byte, for no program of ours leaves the C locale: our patterns are ASCII, and
/// whatever is not ASCII in a text matches none of them.
final class Expression: @unchecked Sendable {
    // Sendable is true: it is never changed once made, and regexec may be called from many threads
    // (POSIX.1-2017, 2.9.1).
    private let compiled: UnsafeMutablePointer<regex_t>

    /// - Parameter pattern: for a whole text; one that does not compile is our bug and traps.
    init(_ pattern: String) {
        compiled = .allocate(capacity: 1)
        let result = regcomp(compiled, "^(\(pattern))$", REG_EXTENDED | REG_NOSUB)
        precondition(result == 0, "\(pattern) is no regular expression: \(result)")
    }
    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    func matches(_ text: String) -> Bool {
        // C would end it there, and match what stands before.
        if text.utf8.contains(0) { return false }
        return regexec(compiled, text, 0, nil, 0) == 0
    }
}
