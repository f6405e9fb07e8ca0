import BoardProfile
import Control
import HAL
import LinuxBoard
import Testing

@testable import Switchboard

/// A feeder's coupling on two converters: one captured, one polled and given a reference.
private func site(_ change: (inout HardwareProfile) -> Void = { _ in }) -> SiteProfile {
    var site = SiteProfile()
    site.rate_Hz = 500
    site.phases = 1
    site.coupling = CouplingProfile()
    var hw = HardwareProfile()
    var adc = IIOProfile(), slow = IIOProfile()
    (adc.name, adc.device, adc.parent, adc.rate_Hz) = ("adc", "ad7606-8", "spi0.0", 4000)
    (slow.name, slow.label) = ("slow", "cabinet")
    hw.iio = [adc, slow]
    hw.waves = [
        ("grid_a", "adc.voltage0"), ("bus_a", "adc.voltage3"), ("current_a", "adc.voltage1"),
    ]
    .map { channel, from in
        var wave = WaveProfile()
        (wave.channel, wave.from) = (channel, from)
        return wave
    }
    var temperature = ChannelProfile(), load = ChannelProfile(), reference = ReferenceProfile()
    (temperature.channel, temperature.from) = ("battery_temperature", "slow.temp")
    (load.channel, load.from) = ("load_power", "slow.power1")
    hw.channels = [temperature, load]
    (reference.figure, reference.to) = ("renewables", "slow.voltage0")
    hw.references = [reference]
    change(&hw)
    site.hardware = hw
    return site
}

@Suite("Converters of a board file") struct ConverterTests {
    @Test("Waveforms go to one capture, single values to a thread of their own")
    func wired() throws {
        let s = Switchboard(site())
        #expect(s.refusals.isEmpty)
        let waves = try #require(s.waves)
        #expect(waves.plan.columns == ["voltage0", "voltage3", "voltage1"])
        #expect(waves.source.device == .parent("spi0.0", name: "ad7606-8"))
        #expect(
            s.wiring.waves
                == [.init(.gridA, column: 0), .init(.busA, column: 1), .init(.currentA, column: 2)])
        #expect((s.wiring.waveBlock, s.wiring.samplesPerTick) == (8, 8))
        #expect(s.converters.map(\.profile.name) == ["slow"])
        #expect(s.converters[0].inputs == ["temp", "power1"])
        #expect(s.converters[0].outputs == ["voltage0"])
        #expect(s.wiring.scalars.map(\.slot) == [0, 1])
        #expect(s.converters[0].plan.readings.map(\.slot) == [0, 1])
        #expect(s.converters[0].plan.references.map(\.slot) == [0])
    }

    private let adc = FoundIIODevice(
        number: 0, name: "ad7606-8", parent: "/sys/devices/platform/spi0.0",
        channels: (0..<4).map { FoundChannel(id: "voltage\($0)", buffered: true) })
    private let slow = FoundIIODevice(
        number: 3, name: "ina2xx", label: "cabinet", parent: "/sys/devices/i2c-1/1-0040",
        channels: [FoundChannel(id: "temp"), FoundChannel(id: "power1")])
    private func probe(_ site: SiteProfile, _ iio: [FoundIIODevice]) -> [LinuxBoard.Finding] {
        Switchboard(site).probe(Findings(iio: iio)) { (_) throws(BoardFault) in
            throw BoardFault(.notPresent)
        }
    }

    @Test("What is wanted is there: nothing to say")
    func fits() { #expect(probe(site(), [adc, slow]).map(\.description) == []) }

    @Test("Missing converters, channels and captures are named")
    func misses() {
        #expect(probe(site(), [slow]).map(\.kind) == [.missingDevice])
        #expect(probe(site(), [adc]).map(\.concerns) == [["slow"]])
        var few = adc
        few.channels[3].buffered = false
        let told = probe(site(), [few, slow])
        #expect(told.map(\.kind) == [.missingChannel])
        #expect(told.first?.what.contains("captures no voltage3") == true)
        var deaf = slow
        deaf.channels.removeFirst()
        #expect(probe(site(), [adc, deaf]).first?.what.contains("has no temp") == true)
        var shut = adc
        shut.access = .denied
        #expect(probe(site(), [shut, slow]).map(\.kind) == [.notPermitted])
    }

    @Test("A driver's own name is the one to write")
    func name() {
        var other = adc
        (other.name, other.chip) = ("ad7606", "ad7606-8")
        let told = probe(site(), [other, slow])
        #expect(told.map(\.remedy) == ["Write device: ad7606."])
    }

    @Test("A converter behind a server that does not answer is named with its address")
    func served() {
        let told = probe(
            site {
                // Nobody listens on the discard port of the loopback.
                ($0.iio[0].uri, $0.iio[0].parent) = ("ip:127.0.0.1:9", nil)
            }, [slow])
        #expect(told.map(\.concerns) == [["adc"]])
        #expect(told.first?.what.contains("ip:127.0.0.1:9") == true)
        #expect(told.first?.remedy.contains("iio_info -u ip:127.0.0.1:9") == true)
    }
}
