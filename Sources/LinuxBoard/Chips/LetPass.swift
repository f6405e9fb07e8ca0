import Glibc
import Quantities

/// Lets `time` pass, to the end even where a signal interrupts. For bus threads alone.
@Sendable
public func letPass(_ time: Seconds) {
    let nanoseconds = Int((Double(time.value) * 1e9).rounded())
    guard nanoseconds > 0 else { return }
    var left = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    withUnsafeMutablePointer(to: &left) { left in
        // An interrupted call leaves in `left` what is still to pass.
        _ = try? check { nanosleep(left, left) }
    }
}
