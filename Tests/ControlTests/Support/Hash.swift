import Control
import Quantities

/// FNV-1a over 64 bits (Fowler, Noll, Vo), a word at a time, of every field of a record. Written out
/// by hand: padding between fields has no value.
struct RecordHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325
    mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01b3 }
    mutating func add(_ x: Float) { add(UInt64(x.bitPattern)) }
    mutating func add(_ x: Bool) { add(x ? 1 : 0 as UInt64) }
    mutating func add<U>(_ x: Quantity<U>) { add(x.value) }
    mutating func add(_ c: Cause) {
        switch c {
        case .none: add(0 as UInt64)
        case .stage(let n): add(0x100 + UInt64(n))
        case .blind: add(1 as UInt64)
        case .unproven: add(2 as UInt64)
        case .wish: add(3 as UInt64)
        case .welded: add(4 as UInt64)
        case .droppedOut: add(5 as UInt64)
        case .failedToClose: add(6 as UInt64)
        case .preChargeFailed: add(7 as UInt64)
        case .deadBus: add(8 as UInt64)
        case .notReady: add(9 as UInt64)
        case .outOfStep: add(10 as UInt64)
        case .noBatteryVoltage: add(11 as UInt64)
        case .unintentionalIsland: add(12 as UInt64)
        }
    }
    mutating func add(_ s: ACMeasured) {
        add(s.phaseA); add(s.phaseB); add(s.phaseC); add(s.lineAB); add(s.lineBC)
        add(s.lineCA); add(s.hasLines); add(s.positive); add(s.negative)
        add(s.frequency); add(s.rocof); add(UInt64(s.phase.raw)); add(s.currentA); add(s.currentB)
        add(s.currentC); add(s.active); add(s.reactive); add(s.apparent); add(s.powerFactor)
        add(s.distortion); add(s.directCurrent); add(s.vectorShift); add(s.isDisturbed)
        add(s.isSettled)
    }
    mutating func add(_ m: Measured) {
        add(m.grid); add(m.bus); add(m.angleAcross_deg); add(m.slip); add(m.voltageAcross)
        add(m.dcBusVoltage); add(m.converterCurrent); add(m.batteryVoltage); add(m.batteryCurrent)
        add(m.batteryTemperature); add(m.stateOfCharge); add(m.linkVoltage); add(m.pvPower)
        add(m.windPower); add(m.evPower); add(m.loadPower); add(UInt64(m.contacts.bits))
        add(m.blind.bits); add(m.frequencyFloor)
    }
    mutating func add(_ s: IslandingState?) {
        switch s {
        case nil: add(0 as UInt64)
        case .gridTied: add(1 as UInt64)
        case .opening(let r, let by): add(2 as UInt64); add(UInt64(r.rawValue)); add(by.count)
        case .islanded(let r, let since, let hold):
            add(3 as UInt64); add(UInt64(r.rawValue)); add(since.count); add(UInt64(hold))
        case .resynchronising(let r): add(4 as UInt64); add(UInt64(r.rawValue))
        case .closing(let since, let by): add(5 as UInt64); add(since.count); add(by.count)
        case .blackStart(let since, let by): add(6 as UInt64); add(since.count); add(by.count)
        case .fault(let c): add(7 as UInt64); add(c)
        }
    }
    mutating func add(_ s: SourceState?) {
        switch s {
        case nil: add(0 as UInt64)
        case .off: add(1 as UInt64)
        case .observing(let t): add(2 as UInt64); add(t.count)
        case .following(let t): add(3 as UInt64); add(t.count)
        case .forming: add(4 as UInt64)
        case .blackStarting(let t): add(5 as UInt64); add(t.count)
        case .tripped(let c, let t): add(6 as UInt64); add(c); add(t.count)
        }
    }
    mutating func add(_ s: DERState?) {
        switch s {
        case nil: add(0 as UInt64)
        case .outOfService(let c): add(1 as UInt64); add(c)
        case .tripped(let c): add(2 as UInt64); add(c)
        case .enteringService(let t): add(3 as UInt64); add(t.count)
        case .continuous: add(4 as UInt64)
        case .mandatory(let t): add(5 as UInt64); add(t.count)
        case .permissive(let t): add(6 as UInt64); add(t.count)
        case .momentaryCessation(let t): add(7 as UInt64); add(t.count)
        case .ceased(let t): add(8 as UInt64); add(t.count)
        }
    }
    mutating func add(_ s: ContactorState?) {
        switch s {
        case nil: add(0 as UInt64)
        case .open: add(1 as UInt64)
        case .preCharging(let t): add(2 as UInt64); add(t.count)
        case .closing(let t): add(3 as UInt64); add(t.count)
        case .settling(let t): add(4 as UInt64); add(t.count)
        case .closed: add(5 as UInt64)
        case .opening(let c, let t): add(6 as UInt64); add(c); add(t.count)
        case .waiting(let t): add(7 as UInt64); add(t.count)
        case .welded: add(8 as UInt64)
        }
    }
    mutating func add(_ r: Record) {
        add(r.tick.count); add(UInt64(r.elapsed)); add(r.measured)
        let v = r.verdict
        add(UInt64(v.pickedUp)); add(UInt64(v.tripped)); add(UInt64(v.newlyTripped))
        add(UInt64(v.blinded)); add(v.blind.bits); add(v.mustIsland); add(v.mustTripSource)
        add(v.islandCause); add(v.sourceCause); add(v.islandBlind.bits); add(v.sourceBlind.bits)
        add(v.mustCease); add(v.ceaseCause); add(v.ceaseBlind.bits)
        let c = r.command
        add(UInt64(c.outputs.bits)); add(UInt64(c.inverter.mode.rawValue));
        add(c.inverter.frequency)
        add(c.inverter.voltage); add(c.inverter.active); add(c.inverter.reactive)
        add(c.converter.isOn); add(c.converter.voltage); add(c.converter.mostOut)
        add(c.converter.mostIn)
        add(c.renewables); add(c.charging)
        add(UInt64(r.gridPresence.rawValue)); add(UInt64(r.busPresence.rawValue)); add(r.islanding)
        add(UInt64(r.permit.rawValue)); add(r.islandCause); add(r.isSyncLate); add(r.frequencyBias);
        add(r.voltageBias)
        add(r.source); add(r.contactor); add(r.sourceCause); add(r.contactorCause); add(r.der)
        add(r.derCause)
        add(r.droopActive); add(r.droopReactive); add(UInt64(r.loads))
        add(UInt64(r.disobedient.bits)); add(UInt64(r.refusedSetpoints)); add(r.missedTicks)
        add(UInt64(bitPattern: r.energyIn.millijoules));
        add(UInt64(bitPattern: r.energyOut.millijoules))
    }
}
