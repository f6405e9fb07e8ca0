import Calibration

/// What the walk shows; drawn by ``WalkView``.
public struct WalkScreen: Equatable, Sendable {
    public var title = ""
    public init() {}
}
