import Glibc
import HAL
import Testing

@testable import LinuxBoard

@Suite("Probe") struct ProbeTests {
    private let any = DeviceSelector(name: "bcm*")
    private let pins = DeviceSelector(name: "pinctrl*")

    private func findings(
        bus: Access = .granted, gpio: Access = .granted, claimed: [ClaimedAddress] = []
    ) -> Findings {
        Findings(
            machine: "Raspberry Pi 4 Model B",
            buses: [
                FoundBus(number: 1, name: "bcm2835", access: bus, claimed: claimed),
                FoundBus(number: 2, name: "CP2112", parent: "usb/1-1"),
                FoundBus(number: 3, name: "CP2112", parent: "usb/1-2"),
            ],
            gpio: [
                FoundGPIOChip(
                    number: 0, label: "pinctrl-bcm2711", access: gpio,
                    lines: gpio == .granted
                        ? [
                            LineState(offset: 0, name: "GPIO0"),
                            LineState(offset: 1, name: "GPIO1", used: true, consumer: "spi0 CS0"),
                            LineState(offset: 2, used: true, consumer: "skerry"),
                            LineState(offset: 3, used: true),
                        ] : nil)
            ],
            iio: [FoundIIODevice(number: 0, name: "ads1015", chip: "ads1115", access: .missing)])
    }

    private func chip(
        _ name: String, _ kind: String, _ address: UInt8, _ bus: DeviceSelector? = nil
    ) -> Wanted {
        Wanted(name, .chip(kind, address: address, bus: bus ?? any))
    }

    private func answer(
        _ kind: String, _ address: UInt8, _ identity: Identity, adapter: Int = 1
    ) -> IdentityAnswer {
        IdentityAnswer(
            IdentityQuestion(adapter: adapter, address: address, chip: kind), .identity(identity))
    }

    private func fault(_ kind: String, _ address: UInt8, _ fault: BoardFault) -> IdentityAnswer {
        IdentityAnswer(
            IdentityQuestion(adapter: 1, address: address, chip: kind), .fault(fault))
    }

    @Test("All as it is wanted: nothing to say")
    func sound() {
        let probe = Probe(
            [
                Wanted("i2c", .bus(any)), chip("battery", "ina226", 0x40), Wanted("p", .gpio(pins)),
                Wanted("relay", .line(0, chip: pins)),
                Wanted("adc", .iio(DeviceSelector(name: "ads1115"))),
            ], in: findings())
        #expect(probe.questions == [IdentityQuestion(adapter: 1, address: 0x40, chip: "ina226")])
        #expect(probe.compare([answer("ina226", 0x40, .confirmed)]) == [])
    }

    @Test("A missing bus is said once, for all who are on it")
    func missingBus() {
        let gone = DeviceSelector(name: "FT232*")
        let found = Probe(
            [
                Wanted("usb", .bus(gone)), chip("a", "ina226", 0x40, gone),
                chip("b", "ina226", 0x41),
            ],
            in: findings()
        ).compare([answer("ina226", 0x41, .confirmed)])
        #expect(found.map(\.kind) == [.missingDevice])
        #expect(found[0].concerns == ["usb", "a"])
        #expect(found[0].what.hasPrefix("no I²C adapter fits “FT232*”; there is i2c-1"))
        #expect(found[0].remedy.hasPrefix("Plug it in"))
    }

    @Test("No bus at all: the remedy is the machine's")
    func noBus() {
        var here = findings()
        here.buses = []
        let wanted = [Wanted("i2c", .bus(any))]
        let pi = Probe(wanted, in: here).compare()
        #expect(pi.map(\.kind) == [.missingDevice])
        #expect(pi[0].remedy.contains("dtparam=i2c_arm=on"))
        here.machine = nil
        let other = Probe(wanted, in: here).compare()
        #expect(!other[0].remedy.contains("dtparam"))
    }

    @Test("Two that fit are not chosen among")
    func ambiguous() {
        let found = Probe([Wanted("i2c", .bus(DeviceSelector(name: "CP2112")))], in: findings())
            .compare()
        #expect(found.map(\.kind) == [.ambiguousDevice])
        #expect(found[0].what.contains("index 0 ... 1"))
    }

    @Test("An adapter without a node wants i2c-dev")
    func missingNode() {
        let probe = Probe([chip("battery", "ina226", 0x40)], in: findings(bus: .missing))
        #expect(probe.questions == [])
        let found = probe.compare()
        #expect(found.map(\.kind) == [.missingNode])
        #expect(found[0].remedy.contains("modprobe i2c-dev"))
    }

    @Test("Not permitted: which group, and which rule")
    func notPermitted() {
        let probe = Probe(
            [chip("battery", "ina226", 0x40), Wanted("relay", .line(1, chip: pins))],
            in: findings(bus: .denied, gpio: .denied))
        #expect(probe.questions == [])
        let found = probe.compare()
        #expect(found.map(\.kind) == [.notPermitted, .notPermitted])
        #expect(
            found.map(\.what) == ["you may not open /dev/i2c-1", "you may not open /dev/gpiochip0"])
        #expect(found[0].remedy.contains("usermod -aG i2c"))
        #expect(found[0].remedy.contains(#"SUBSYSTEM=="i2c-dev", GROUP="i2c""#))
        #expect(found[1].remedy.contains("usermod -aG gpio"))
        let refused = Probe([chip("battery", "ina226", 0x40)], in: findings())
            .compare([fault("ina226", 0x40, BoardFault(.notPermitted, code: EACCES))])
        #expect(refused.map(\.kind) == [.notPermitted])
    }

    @Test("An IIO device's node may be missing, but not closed")
    func iioNode() {
        var here = findings()
        let wanted = [Wanted("adc", .iio(DeviceSelector(name: "ads1*")))]
        #expect(Probe(wanted, in: here).compare() == [])
        here.iio[0].access = .denied
        #expect(Probe(wanted, in: here).compare().map(\.kind) == [.notPermitted])
        here.iio = []
        #expect(Probe(wanted, in: here).compare().map(\.kind) == [.missingDevice])
    }

    @Test("An IIO device's channels, read singly or captured")
    func channels() {
        var here = findings()
        here.iio[0].access = .granted
        here.iio[0].channels = [
            FoundChannel(id: "voltage0", buffered: true), FoundChannel(id: "power"),
        ]
        func found(_ ids: [String], buffered: Bool) -> [Finding] {
            let part = Wanted.Part.iio(
                DeviceSelector(name: "ads1115"), channels: ids, buffered: buffered)
            return Probe([Wanted("adc", part)], in: here).compare()
        }
        #expect(found(["voltage0", "power"], buffered: false) == [])
        #expect(found(["voltage0"], buffered: true) == [])
        #expect(found(["power"], buffered: true).map(\.kind) == [.missingChannel])
        let missing = found(["voltage0", "voltage7"], buffered: false)
        #expect(
            missing.map(\.what) == ["iio:device0 “ads1115” has no voltage7, but voltage0, power"])
        here.iio[0].access = .missing
        #expect(found(["voltage0"], buffered: true).map(\.kind) == [.missingNode])
    }

    @Test("Both rounds of questions, and their faults")
    func asks() {
        let probe = Probe(
            [
                chip("a", "ina226", 0x40), chip("b", "ina3221", 0x41), chip("c", "ads1115", 0x48),
            ], in: findings())
        var asked: [IdentityQuestion] = []
        let answers = probe.ask { question throws(BoardFault) in
            asked.append(question)
            if question.address == 0x48 { throw BoardFault(.notPresent, code: ENXIO) }
            let really = question.address == 0x40 ? "ina3221" : "ina226"
            return question.chip == really ? .confirmed : .other("a stranger")
        }
        #expect(asked == answers.map(\.question))
        #expect(asked.count == 5)
        #expect(probe.compare(answers).map(\.kind) == [.swappedChips, .missingChip])
    }

    @Test("A chip nobody answers for")
    func missingChip() {
        for code in [ENXIO, ETIMEDOUT, EIO] {
            let found = Probe([chip("battery", "ina226", 0x40)], in: findings())
                .compare([fault("ina226", 0x40, BoardFault(errno: code))])
            #expect(found.map(\.kind) == [.missingChip])
            #expect(found[0].severity == .fault)
            #expect(found[0].remedy.contains("ina226 should be at 0x40"))
        }
    }

    @Test("Something else answers: what it said, or what it is")
    func wrongChip() {
        let want = [chip("battery", "ina226", 0x40), chip("grid", "ade7953", 0x38)]
        let probe = Probe(want, in: findings())
        let first = [
            answer("ina226", 0x40, .other("manufacturer 0x0000")),
            answer("ade7953", 0x38, .confirmed),
        ]
        #expect(probe.secondQuestions(after: first) == [])
        let found = probe.compare(first)
        #expect(found.map(\.kind) == [.wrongChip])
        #expect(found[0].what == "0x40 of i2c-1 “bcm2835” is not ina226: manufacturer 0x0000")
        let told = probe.compare(first + [answer("ade7953", 0x40, .confirmed)])
        #expect(told[0].what == "0x40 of i2c-1 “bcm2835” is not ina226: it is ade7953")
    }

    @Test("Two chips at each other's address are one finding")
    func swapped() {
        let probe = Probe(
            [chip("a", "ina226", 0x40), chip("b", "ina3221", 0x41), chip("c", "mcp4725", 0x60)],
            in: findings())
        let first = [
            answer("ina226", 0x40, .other("die 0x3220")),
            answer("ina3221", 0x41, .other("die 0x2260")),
            answer("mcp4725", 0x60, .unverifiable),
        ]
        let second = probe.secondQuestions(after: first)
        #expect(
            second == [
                IdentityQuestion(adapter: 1, address: 0x40, chip: "ina3221"),
                IdentityQuestion(adapter: 1, address: 0x41, chip: "ina226"),
            ])
        let answers = first + second.map { IdentityAnswer($0, .identity(.confirmed)) }
        let found = probe.compare(answers)
        #expect(found.map(\.kind) == [.swappedChips, .unverified])
        #expect(found[0].concerns == ["a", "b"])
        #expect(
            found[0].what == "two chips are exchanged: 0x40 is ina3221 and should be ina226, "
                + "0x41 is ina226 and should be ina3221")
        // Only one of them is the other: no exchange, two wrong chips.
        let half = probe.compare(first + [answer("ina3221", 0x40, .confirmed)])
        #expect(half.map(\.kind) == [.wrongChip, .wrongChip, .unverified])
        #expect(half[0].what.hasSuffix("is not ina226: it is ina3221"))
        #expect(half[1].what.hasSuffix("is not ina3221: die 0x2260"))
    }

    @Test("Chips of two buses whose cables are exchanged")
    func swappedBuses() {
        let other = DeviceSelector(name: "CP2112", parent: "1-1")
        let probe = Probe(
            [chip("a", "ina226", 0x40), chip("b", "ina3221", 0x40, other)], in: findings())
        let first = [
            answer("ina226", 0x40, .other("x")), answer("ina3221", 0x40, .other("y"), adapter: 2),
        ]
        let second = probe.secondQuestions(after: first)
        #expect(Set(second.map(\.adapter)) == [1, 2])
        let found = probe.compare(first + second.map { IdentityAnswer($0, .identity(.confirmed)) })
        #expect(found.map(\.kind) == [.swappedChips])
        #expect(found[0].what.contains("0x40 of i2c-2 is ina226"))
        #expect(found[0].remedy.contains("cables"))
    }

    @Test("A chip that a kernel driver holds is not asked")
    func held() {
        let claims = [
            ClaimedAddress(address: 0x40, name: "ina226", driver: "ina2xx"),
            ClaimedAddress(address: 0x41, name: "ina226", driver: nil),
        ]
        let probe = Probe(
            [chip("a", "ina226", 0x40), chip("b", "ina226", 0x41)], in: findings(claimed: claims))
        #expect(probe.questions.map(\.address) == [0x41])
        let found = probe.compare([answer("ina226", 0x41, .confirmed)])
        #expect(found.map(\.kind) == [.heldByDriver])
        #expect(
            found[0].remedy.contains("echo 1-0040 | sudo tee /sys/bus/i2c/drivers/ina2xx/unbind"))
        let late = Probe([chip("a", "ina226", 0x40)], in: findings())
            .compare([fault("ina226", 0x40, BoardFault(.bus, code: EBUSY))])
        #expect(late.map(\.kind) == [.heldByDriver])
    }

    @Test("What was not asked, or cannot be told, is noted")
    func notes() {
        let probe = Probe(
            [chip("dac", "mcp4725", 0x60), chip("battery", "ina226", 0x40)], in: findings())
        let found = probe.compare([answer("mcp4725", 0x60, .unverifiable)])
        #expect(found.map(\.kind) == [.unverified, .notAsked])
        #expect(found.allSatisfy { $0.severity == .note })
    }

    @Test("A busy line, and by whom")
    func busyLine() {
        let found = Probe(
            (0...4).map { Wanted("l\($0)", .line($0, chip: pins)) }, in: findings()
        ).compare()
        #expect(found.map(\.kind) == [.busyLine, .busyLine, .busyLine, .missingLine])
        #expect(found.map(\.concerns) == [["l1"], ["l2"], ["l3"], ["l4"]])
        #expect(
            found[0].what == "line 1 (GPIO1) of gpiochip0 “pinctrl-bcm2711” is held by “spi0 CS0”")
        #expect(found[0].remedy.contains("dtparam=spi=off"))
        #expect(found[1].remedy.contains("systemctl stop skerryd"))
        #expect(found[2].what.hasSuffix("is held by somebody"))
        #expect(found[3].what.hasSuffix("has no line 4, but 0 ... 3"))
    }

    @Test("A chip that opened no more when its lines were read")
    func unseenLine() {
        var here = findings()
        here.gpio[0].lines = nil
        let found = Probe([Wanted("relay", .line(0, chip: pins))], in: here).compare()
        #expect(found.map(\.kind) == [.unseenLine])
    }

    @Test("Faults come first, then warnings, then notes")
    func order() {
        var here = findings()
        here.gpio[0].lines = nil
        let found = Probe(
            [
                chip("dac", "mcp4725", 0x60), Wanted("relay", .line(0, chip: pins)),
                chip("battery", "ina226", 0x40),
            ], in: here
        ).compare([
            answer("mcp4725", 0x60, .unverifiable), fault("ina226", 0x40, BoardFault(.notPresent)),
        ])
        #expect(found.map(\.severity) == [.fault, .warning, .note])
    }
}
