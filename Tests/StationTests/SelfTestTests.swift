import BoardProfile
import Control
import Station
import Quantities
import Testing

@Suite("The self-test of the inputs") struct SelfTestTests {
    private func test(seconds: Double = 0.1) -> SelfTest {
        SelfTest(
            DCBench.settings, Controller(DCBench.settings),
            contacts: LineSet(
                bits: 1 << UInt16(Contact.mainContactor.rawValue)
                    | 1 << UInt16(Contact.preCharge.rawValue)
                    | 1 << UInt16(Contact.load1.rawValue)), seconds: seconds)
    }
    private func sample(_ n: UInt64, _ change: (inout Sample) -> Void = { _ in }) -> Sample {
        var bench = DCBench()
        var sample = bench.sample(n, after: Command())
        change(&sample)
        return sample
    }

    @Test("A sound board passes after its time, and not before")
    func sound() {
        var test = test()
        for n in 0..<99 as Range<UInt64> { test.see(sample(n)) }
        #expect(!test.isPassed && test.findings.isEmpty)
        test.see(sample(99))
        #expect(test.isPassed && test.remarks.isEmpty)
    }

    @Test("What decisions rest on keeps it from beginning, and is named")
    func findings() {
        var test = test()
        for n in 0..<500 as Range<UInt64> {
            test.see(
                sample(n) {
                    $0[.batteryVoltage] = Scalar(raw: .nan, age: 0)
                    $0[.linkVoltage].age = 6
                    $0.deafContacts[Contact.mainContactor] = true
                })
        }
        #expect(!test.isPassed)
        #expect(
            test.findings == [
                "battery_voltage cannot be believed",
                "main_contactor's auxiliary contact cannot be heard",
            ])
        // Without it pre-charge ends nowhere: the contactor's own machine sees to that.
        #expect(test.remarks == ["link_voltage cannot be believed"])
    }

    @Test("A contact closed at rest is found; one moment's fault begins the time anew")
    func closed() {
        var test = test()
        for n in 0..<50 as Range<UInt64> { test.see(sample(n)) }
        test.see(sample(50) { $0.contacts[Contact.mainContactor] = true })
        #expect(test.findings == ["main_contactor is closed although its coil is at rest"])
        for n in 51..<150 as Range<UInt64> { test.see(sample(n)) }
        #expect(!test.isPassed)
        test.see(sample(150))
        #expect(test.isPassed)
    }

    @Test("A welded pre-charge relay is found; a load that is bridged is told and begun with")
    func bridged() {
        var test = test()
        for n in 0..<100 as Range<UInt64> {
            test.see(sample(n) { $0.contacts[Contact.preCharge] = true })
        }
        #expect(!test.isPassed)
        #expect(test.findings == ["pre_charge is closed although its coil is at rest"])
        for n in 100..<200 as Range<UInt64> {
            test.see(sample(n) { $0.contacts[Contact.load1] = true })
        }
        #expect(test.isPassed && test.findings.isEmpty)
        #expect(test.remarks == ["\(Contact.load1.key) is closed although its coil is at rest"])
    }

    @Test("A channel nothing rests on is told and begun without")
    func remarks() {
        var test = test()
        for n in 0..<100 as Range<UInt64> {
            test.see(sample(n) { $0[.pvPower] = Scalar() })
        }
        #expect(test.isPassed && test.remarks == ["pv_power cannot be believed"])
    }
}
