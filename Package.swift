// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors in every target of ours.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error)
]

/// A room of the house: its sources under `Sources/<name>`, its arrows in `uses`.
func room(
    _ name: String, uses: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
    .target(name: name, dependencies: uses, resources: resources, swiftSettings: strict)
}

/// The tests of one room. `uses` names what they import besides the room itself.
func tests(
    _ name: String, uses: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name)] + uses, resources: resources,
        swiftSettings: strict)
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "skerry",
    products: [
        .executable(name: "skerry", targets: ["skerry"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        room("Quantities"),
        room("Blocks", uses: ["Quantities"]),
        room("Control", uses: ["Quantities", "Blocks"]),
        room("HAL", uses: ["Control"]),
        room("Plant", uses: ["Quantities", "Blocks"]),
        room("SimBoard", uses: ["Quantities", "Blocks", "Control", "HAL", "Plant"]),
        // Records, samples and wishes as bytes, for a socket and for a disk; no I/O.
        room("Wire", uses: ["Quantities", "Control"]),
        room("Loop", uses: ["Control", "HAL"]),
        // What the loop did, on disk, so that it can be lived again.
        room("BlackBox", uses: ["Quantities", "Control", "Wire", "Loop"]),
        room("BoardProfile", uses: ["Quantities", "Blocks", "Control", yams]),
        // C libraries of the kernel's doors; the shims choose libgpiod 1.6 or 2.x when they compile.
        .target(name: "CGPIO", linkerSettings: [.linkedLibrary("gpiod")]),
        .target(name: "CI2C", linkerSettings: [.linkedLibrary("i2c")]),
        .systemLibrary(name: "CIIO", pkgConfig: "libiio", providers: [.apt(["libiio-dev"])]),
        room("LinuxBoard", uses: ["Quantities", "Control", "HAL", "CGPIO", "CI2C", "CIIO"]),
        // Resolves the names of a board file onto buses, chips and lines.
        room("Switchboard", uses: ["Control", "HAL", "BoardProfile", "LinuxBoard"]),
        .target(name: "CUHID"),
        room(
            "Bench",
            uses: ["Quantities", "Blocks", "Control", "HAL", "Plant", "SimBoard", "CUHID"]),
        room(
            "Report",
            resources: ["page.css", "data.js", "plots.js", "hand.js"].map {
                .embedInCode("Page/\($0)")
            }),
        room(
            "Scenario",
            uses: [
                "Quantities", "Blocks", "Control", "HAL", "Plant", "SimBoard", "Loop",
                "BoardProfile", "Report",
            ]),
        // A real board, run: its loop, its records, what people see of it.
        room(
            "Station",
            uses: [
                "Quantities", "Control", "HAL", "Loop", "LinuxBoard", "BoardProfile", "Switchboard",
                "Report", "Scenario", "Calibration",
            ]),
        // SHA-256 of calibration records; every Debian has the library for its package tools.
        .systemLibrary(name: "CMD", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
        .systemLibrary(
            name: "CModbus", pkgConfig: "libmodbus", providers: [.apt(["libmodbus-dev"])]),
        // What a channel reads against what is true, and how well that is known.
        room("Calibration", uses: ["Quantities", "Control", "BoardProfile", "CMD"]),
        // Reference meters over the network, or of this board.
        room("Instruments", uses: ["HAL", "LinuxBoard", "CModbus"]),
        // A person, a meter and a terminal; a room because a script needs none of it.
        room("Walk", uses: ["Control", "BoardProfile", "Calibration", "Report"]),
        .executableTarget(
            name: "skerry",
            dependencies: [
                "Quantities", "Control", "HAL", "Plant", "SimBoard", "Loop", "BoardProfile",
                "Report", "Scenario", "LinuxBoard", "Switchboard", "Station", "Bench",
                "Calibration",
                "Instruments", "Walk", arguments,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "skerry-measure",
            dependencies: [
                "Quantities", "Blocks", "Control", "Plant", "SimBoard", "Loop", "BoardProfile",
                "Scenario", "Calibration",
            ],
            swiftSettings: strict),
        // Counts allocations; stands in front of malloc in the test program alone.
        .target(name: "AllocationCount", path: "Tests/AllocationCount"),
        tests("Quantities"),
        tests("Blocks"),
        tests(
            "Control", uses: ["Quantities", "Blocks", "skerry-measure", "AllocationCount"],
            resources: [.copy("Traces")]),
        tests("Plant", uses: ["Quantities", "Blocks"]),
        tests("SimBoard", uses: ["Quantities", "Blocks", "Control", "HAL", "Plant"]),
        tests("Wire", uses: ["Quantities", "Control", "Plant"]),
        tests("Loop", uses: ["Control", "HAL"]),
        tests(
            "BlackBox",
            uses: ["Quantities", "Control", "Plant", "Wire", "Loop", "BoardProfile", "Scenario"]),
        // GPIO chips that are not there; stands in front of the C library in the test program alone.
        .target(name: "FakeGPIO", path: "Tests/FakeGPIO"),
        tests("LinuxBoard", uses: ["Quantities", "Control", "HAL", "CIIO", "FakeGPIO"]),
        tests(
            "Bench",
            uses: ["Quantities", "Control", "HAL", "Plant", "SimBoard", "LinuxBoard"]),
        // Faults on purpose, and what a sanitizer must be told of Swift.
        .target(name: "Sanitizer", path: "Tests/Sanitizer/C"),
        tests("Sanitizer"),
        tests(
            "Station",
            uses: [
                "Quantities", "Control", "HAL", "Plant", "SimBoard", "LinuxBoard", "BoardProfile",
                "Switchboard", "Bench", "Report", "Calibration",
            ]),
        tests("Switchboard", uses: ["Control", "HAL", "BoardProfile", "LinuxBoard"]),
        tests("BoardProfile", uses: ["Quantities", "Control"]),
        tests("Report"),
        tests("Calibration", uses: ["Quantities", "Control", "BoardProfile"]),
        tests("Instruments", uses: ["HAL", "LinuxBoard", "CModbus"]),
        tests("Walk", uses: ["Control", "BoardProfile", "Calibration", "Report"]),
        tests(
            "Scenario",
            uses: [
                "Quantities", "Control", "HAL", "Plant", "SimBoard", "Loop", "BoardProfile",
                "Report",
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// `make sanitize` builds what faces C, and its tests, without the rest.
if Context.environment["SKERRY_SANITIZE"] != nil {
    let facingC = [
        "LinuxBoard", "Bench", "Switchboard", "Station", "Loop", "BlackBox", "Instruments",
        "Sanitizer",
    ]
    package.targets.removeAll { target in
        target.type == .executable || target.name == "AllocationCount"
            || (target.type == .test && !facingC.contains { target.name == "\($0)Tests" })
    }
    package.products = []
    // The plant keeps up with its clients only when it is optimised.
    let optimised = [
        "Quantities", "Blocks", "Control", "Plant", "SimBoard", "Scenario", "Wire", "BlackBox",
        "Bench",
    ]
    for target in package.targets where optimised.contains(target.name) {
        target.swiftSettings?.append(.unsafeFlags(["-O"]))
    }
}
