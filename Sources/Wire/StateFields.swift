import Control
import Quantities

// Enumerations with payload are written as a code and every payload any case has, so that a record
// always has the same length. Codes are written into files: a new case takes a new number, and none
// changes.

extension Cause {
    mutating func visit<V: FieldVisitor>(_ v: inout V) {
        var stage: UInt8 = 0
        if case .stage(let n) = self { stage = n }
        var code = self.code
        v.visit("code", &code)
        v.visit("stage", &stage)
        if let known = Cause(code: code, stage: stage) { self = known } else { v.reject() }
    }
    private var code: UInt8 {
        switch self {
        case .none: 0
        case .stage: 1
        case .blind: 2
        case .unproven: 3
        case .wish: 4
        case .welded: 5
        case .droppedOut: 6
        case .failedToClose: 7
        case .preChargeFailed: 8
        case .noBatteryVoltage: 9
        case .deadBus: 10
        case .outOfStep: 11
        case .notReady: 12
        case .unintentionalIsland: 13
        }
    }
    private init?(code: UInt8, stage: UInt8) {
        switch code {
        case 0: self = .none
        case 1: self = .stage(stage)
        case 2: self = .blind
        case 3: self = .unproven
        case 4: self = .wish
        case 5: self = .welded
        case 6: self = .droppedOut
        case 7: self = .failedToClose
        case 8: self = .preChargeFailed
        case 9: self = .noBatteryVoltage
        case 10: self = .deadBus
        case 11: self = .outOfStep
        case 12: self = .notReady
        case 13: self = .unintentionalIsland
        default: return nil
        }
    }
}

/// The payloads that states have, side by side.
private struct Payload {
    var reason = IslandReason.start
    var cause = Cause.none
    var since = Tick(0)
    var until = Tick(0)
    var hold: UInt32 = 0

    mutating func visit<V: FieldVisitor>(_ v: inout V) {
        v.visit("reason", &reason)
        v.enter("cause")
        cause.visit(&v)
        v.leave()
        v.visit("since", &since)
        v.visit("until", &until)
        v.visit("hold", &hold)
    }
}

/// Code 0 is no machine.
func visitState<V: FieldVisitor>(_ state: inout IslandingState?, _ v: inout V) {
    var p = Payload()
    var code = state.code
    switch state {
    case nil, .gridTied: break
    case .opening(let reason, let by): (p.reason, p.until) = (reason, by)
    case .islanded(let reason, let since, let hold):
        (p.reason, p.since, p.hold) = (reason, since, hold)
    case .resynchronising(let reason): p.reason = reason
    case .closing(let since, let by), .blackStart(let since, let by):
        (p.since, p.until) = (since, by)
    case .fault(let cause): p.cause = cause
    }
    v.visit("code", &code)
    p.visit(&v)
    switch code {
    case 0: state = nil
    case 1: state = .gridTied
    case 2: state = .opening(p.reason, by: p.until)
    case 3: state = .islanded(p.reason, since: p.since, hold: p.hold)
    case 4: state = .resynchronising(p.reason)
    case 5: state = .closing(since: p.since, by: p.until)
    case 6: state = .blackStart(since: p.since, by: p.until)
    case 7: state = .fault(p.cause)
    default: v.reject()
    }
}

/// Code 0 is no machine.
func visitState<V: FieldVisitor>(_ state: inout SourceState?, _ v: inout V) {
    var p = Payload()
    var code = state.code
    switch state {
    case nil, .off, .forming: break
    case .observing(let since), .following(let since), .blackStarting(let since): p.since = since
    case .tripped(let cause, let until): (p.cause, p.until) = (cause, until)
    }
    v.visit("code", &code)
    p.visit(&v)
    switch code {
    case 0: state = nil
    case 1: state = .off
    case 2: state = .observing(since: p.since)
    case 3: state = .following(since: p.since)
    case 4: state = .forming
    case 5: state = .blackStarting(since: p.since)
    case 6: state = .tripped(p.cause, until: p.until)
    default: v.reject()
    }
}

/// Code 0 is no machine.
func visitState<V: FieldVisitor>(_ state: inout DERState?, _ v: inout V) {
    var cause = Cause.none
    var since = Tick(0)
    var code = state.code
    switch state {
    case nil, .continuous: break
    case .outOfService(let c), .tripped(let c): cause = c
    case .enteringService(let t), .mandatory(let t), .permissive(let t),
        .momentaryCessation(let t), .ceased(let t):
        since = t
    }
    v.visit("code", &code)
    v.enter("cause")
    cause.visit(&v)
    v.leave()
    v.visit("since", &since)
    switch code {
    case 0: state = nil
    case 1: state = .outOfService(cause)
    case 2: state = .tripped(cause)
    case 3: state = .enteringService(since: since)
    case 4: state = .continuous
    case 5: state = .mandatory(since: since)
    case 6: state = .permissive(since: since)
    case 7: state = .momentaryCessation(since: since)
    case 8: state = .ceased(since: since)
    default: v.reject()
    }
}

/// Code 0 is no machine.
func visitState<V: FieldVisitor>(_ state: inout ContactorState?, _ v: inout V) {
    var p = Payload()
    var code = state.code
    switch state {
    case nil, .open, .closed, .welded: break
    case .preCharging(let by), .closing(let by): p.until = by
    case .settling(let until), .waiting(let until): p.until = until
    case .opening(let cause, let by): (p.cause, p.until) = (cause, by)
    }
    v.visit("code", &code)
    p.visit(&v)
    switch code {
    case 0: state = nil
    case 1: state = .open
    case 2: state = .preCharging(by: p.until)
    case 3: state = .closing(by: p.until)
    case 4: state = .settling(until: p.until)
    case 5: state = .closed
    case 6: state = .opening(p.cause, by: p.until)
    case 7: state = .waiting(until: p.until)
    case 8: state = .welded
    default: v.reject()
    }
}
