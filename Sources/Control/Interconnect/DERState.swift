/// Where a DER under a grid code is.
///
///     outOfService ──┐                                    ┌─▶ mandatory ───────────┐
///                    ├─ window, delay ─▶ enteringService ─┼─▶ permissive           │
///     tripped ───────┘                   ▼  ramp done     ├─▶ momentaryCessation   │
///        ▲                           continuous ◀─────────┴─▶ ceased ◀─────────────┘
///        └── a stage, blindness, the inverter ── from every state in service
///
/// In momentary cessation and ceased the gates block and the inverter stays connected; tripped or out
/// of service it is disabled.
public enum DERState: Equatable, Sendable, BitwiseCopyable {
    /// Not in service though nothing tripped: since start (no cause), or not permitted.
    case outOfService(Cause)
    case tripped(Cause)
    /// On its ramp.
    case enteringService(since: Tick)
    case continuous
    case mandatory(since: Tick)
    case permissive(since: Tick)
    case momentaryCessation(since: Tick)
    /// Cease to energise without having tripped.
    case ceased(since: Tick)

    /// Connected, be it with blocked gates.
    public var isInService: Bool {
        switch self {
        case .outOfService, .tripped: false
        case .enteringService, .continuous, .mandatory, .permissive, .momentaryCessation, .ceased:
            true
        }
    }
    /// The gates switch: it exchanges power.
    public var isEnergising: Bool {
        switch self {
        case .outOfService, .tripped, .momentaryCessation, .ceased: false
        case .enteringService, .continuous, .mandatory, .permissive: true
        }
    }
}
