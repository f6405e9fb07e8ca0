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
    var code: UInt8
    switch state {
    case nil: code = 0
    case .gridTied: code = 1
    case .opening(let reason, let by): (code, p.reason, p.until) = (2, reason, by)
    case .islanded(let reason, let since, let hold):
        (code, p.reason, p.since, p.hold) = (3, reason, since, hold)
    case .resynchronising(let reason): (code, p.reason) = (4, reason)
    case .closing(let since, let by): (code, p.since, p.until) = (5, since, by)
    case .blackStart(let since, let by): (code, p.since, p.until) = (6, since, by)
    case .fault(let cause): (code, p.cause) = (7, cause)
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
    var code: UInt8
    switch state {
    case nil: code = 0
    case .off: code = 1
    case .observing(let since): (code, p.since) = (2, since)
    case .following(let since): (code, p.since) = (3, since)
    case .forming: code = 4
    case .blackStarting(let since): (code, p.since) = (5, since)
    case .tripped(let cause, let until): (code, p.cause, p.until) = (6, cause, until)
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
    var code: UInt8
    switch state {
    case nil: code = 0
    case .outOfService(let c): (code, cause) = (1, c)
    case .tripped(let c): (code, cause) = (2, c)
    case .enteringService(let t): (code, since) = (3, t)
    case .continuous: code = 4
    case .mandatory(let t): (code, since) = (5, t)
    case .permissive(let t): (code, since) = (6, t)
    case .momentaryCessation(let t): (code, since) = (7, t)
    case .ceased(let t): (code, since) = (8, t)
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
    var code: UInt8
    switch state {
    case nil: code = 0
    case .open: code = 1
    case .preCharging(let by): (code, p.until) = (2, by)
    case .closing(let by): (code, p.until) = (3, by)
    case .settling(let until): (code, p.until) = (4, until)
    case .closed: code = 5
    case .opening(let cause, let by): (code, p.cause, p.until) = (6, cause, by)
    case .waiting(let until): (code, p.until) = (7, until)
    case .welded: code = 8
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
