import Foundation
import Glibc
import HAL
import Testing

@testable import LinuxBoard

private let treeKey = "SKERRY_SYSFS_TREE"

/// libiio's local backend over a tree of plain files. A mount needs a room of its own, and only a
/// process of one thread may enter one: the test runs its own program again in there.
@Suite("The local backend over a stand-in sysfs") struct LocalBackendTests {
    @Test(
        "Our rooms read, write and capture there",
        .enabled(
            if: PrivateMounts.arePermitted,
            "skipped: this kernel lets no ordinary user mount (unshare -Urm)"))
    func inPrivate() throws {
        let tree = try SysfsTree()
        defer { tree.remove() }
        let script = """
            for d in null zero urandom; do mount --bind /dev/$d "$1/dev/$d"; done
            mount --rbind "$1/dev" /dev
            mount --bind "$1/bus" /sys/bus
            exec "$2" --testing-library swift-testing --filter LocalBackendInside
            """
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let inside = try PrivateMounts.run(
            script, [tree.root.path, program], environment: [treeKey: tree.root.path])
        #expect(inside.status == 0, "\(inside.text)")
        #expect(try tree.read("passed") == "4", "\(inside.text)")
        if let figure = try? tree.read("figure") { print("attribute over plain files: \(figure)") }
    }
}

@Suite(
    "LocalBackendInside", .serialized,
    .enabled(if: ProcessInfo.processInfo.environment[treeKey] != nil, "run by its parent test"))
struct LocalBackendInside {
    private let tree = SysfsTree(at: ProcessInfo.processInfo.environment[treeKey] ?? "/")

    /// So that the parent knows that all of them ran.
    private func passed() throws {
        let before = (try? tree.read("passed")).flatMap { Int($0) } ?? 0
        try tree.write("passed", String(before + 1))
    }

    @Test("Two chips of one name are told apart by their parents") func parents() throws {
        let context = try IIOContext("local:")
        #expect(throws: BoardFault(.notPresent, code: ENOTUNIQ)) {
            try context.device(.name("ina226"))
        }
        let first = try context.device(.parent("3-0040"))
        #expect(try abs(first.channel("voltage1").value() - 51.5) < 1e-12)
        #expect(try abs(first.channel("current3").value() - -3.74) < 1e-12)
        let second = try context.device(.label("pv"))
        #expect(try second.channel("voltage1").value() == 48.125)
        #expect(throws: BoardFault(.notPresent, code: ENOTUNIQ)) {
            try context.device(.parent("i2c-3", name: "ina226"))
        }
        #expect(try context.device(.parent("i2c-3", name: "mcp4725")).channels.count == 1)
        #expect(throws: BoardFault(.notPresent, code: ENODEV)) {
            try context.device(.parent("3-00"))
        }
        if ProcessInfo.processInfo.environment["SKERRY_FIGURES"] != nil {
            let channel = try first.channel("voltage1")
            let start = ContinuousClock.now
            for _ in 0..<10_000 { _ = try channel.raw() }
            try tree.write("figure", "\((ContinuousClock.now - start) / 10_000)")
        }
        try passed()
    }

    @Test("A DAC is written") func dac() throws {
        let context = try IIOContext("local:")
        let out = try context.device(.name("mcp4725")).channel("voltage0", isOutput: true)
        try out.write(1.65, try out.scaling())
        #expect(try tree.read("bus/iio/devices/iio:device3/out_voltage0_raw").prefix(4) == "2048")
        try passed()
    }

    @Test("A triggered capture is set up and taken apart") func capture() throws {
        let context = try IIOContext("local:", timeout_ms: 2000)
        let device = try context.device(.name("converter"))
        let capture = try IIOBufferCapture(
            device,
            IIOCapturePlan(
                channels: ["voltage1", "voltage0"], samples: 3, isStamped: true,
                trigger: "skerry-8k", rate_Hz: 8000))
        #expect(try tree.read("bus/iio/devices/trigger0/sampling_frequency").prefix(4) == "8000")
        #expect(try device.trigger()?.name == "skerry-8k")
        for c in ["voltage0", "voltage1", "timestamp"] {
            let isOn = try tree.read("bus/iio/devices/iio:device2/scan_elements/in_\(c)_en")
            #expect(isOn.first == "1", "\(c)")
        }
        #expect(capture.layout.names == ["voltage0", "voltage1"] && capture.layout.stride == 16)
        // What the kernel would give: 12 bits to the left of 16, big end first; a time.
        var bytes: [UInt8] = []
        for k in 0..<3 as Range<UInt8> {
            bytes += [0x80 + k, 0x10, 0xFE - k, 0xFF, 0, 0, 0, 0, k, 0, 0, 1, 0, 0, 0, 0]
        }
        let door = open("/dev/iio:device2", O_WRONLY | O_NONBLOCK)
        try #require(door >= 0)
        defer { close(door) }
        try #require(write(door, bytes, bytes.count) == bytes.count)
        var block = ScanBlock()
        try capture.refill(&block)
        #expect(block.counts == [[0x801, 0x811, 0x821], [-2, -3, -4]])
        #expect(block.timestamps_ns == [16_777_216, 16_777_217, 16_777_218])
        #expect(abs(capture.scalings[0].value(0x801) - 0.016) < 1e-12)
        try passed()
    }

    @Test("A silent converter times out") func silent() throws {
        let context = try IIOContext("local:", timeout_ms: 200)
        let capture = try IIOBufferCapture(
            try context.device(.name("converter")),
            IIOCapturePlan(channels: ["voltage0"], samples: 3))
        var block = ScanBlock()
        let fault = #expect(throws: BoardFault.self) { try capture.refill(&block) }
        #expect(fault?.kind == .timeout)
        try passed()
    }
}
