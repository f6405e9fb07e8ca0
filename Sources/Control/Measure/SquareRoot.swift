/// The square root of `x`; a negative or not-a-number argument gives zero.
///
/// The only escape from the `@_noLocks` proof in this room: the compiler cannot see into
/// `squareRoot()`, which is one instruction on every processor we support and is correctly
/// rounded by IEEE 754, so a replay stays bit-exact.
@_semantics("no_performance_analysis")
@inline(__always)
func root(_ x: Float) -> Float {
    // Of the magnitude, so that the compiler sees no negative that libm would have to hear of.
    let y = x.magnitude.squareRoot()
    return x > 0 ? y : 0
}
