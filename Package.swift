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

/// A room that the daemon links: without the standard library's regular expressions, 1 MB of code that
/// `replacing`, `contains("text")` and their like would bring along.
///
/// `isSmall`: optimised for size, for it is done once, at the start.
func lean(_ name: String, uses: [Target.Dependency] = [], isSmall: Bool = false) -> Target {
    let size: [SwiftSetting] = [.unsafeFlags(["-Osize"], .when(configuration: .release))]
    return .target(
        name: name, dependencies: uses,
        swiftSettings: strict + leanSettings + (isSmall ? size : []))
}
let leanSettings: [SwiftSetting] = [
    .unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])
]

/// The tests of one room. `uses` names what they import besides the room itself.
func tests(
    _ name: String, uses: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name)] + uses, resources: resources,
        swiftSettings: strict)
}

let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let sqlite: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
/// The C library below it.
let sqliteItself: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")

/// The page: every file of it.
let pageFiles =
    ["index.html", "style.css", "icon.svg", "manifest.webmanifest"]
    + [
        "api", "app", "capture", "chronicle", "commands", "dom", "engineer", "events", "gauge",
        "history",
        "icons", "now", "periods", "phasors", "picture", "plot", "prefs", "sheet", "signin",
        "state", "stream", "theme", "units", "village", "words",
    ].map { "\($0).js" } + ["de", "en", "es"].map { "lang/\($0).json" }

let package = Package(
    name: "skerry",
    products: [
        .executable(name: "skerry", targets: ["skerry"]),
        .executable(name: "skerryd", targets: ["skerryd"]),
        .executable(name: "skerry-hub", targets: ["skerry-hub"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    ],
    targets: [
        lean("Quantities"),
        lean("Blocks", uses: ["Quantities"]),
        lean("Control", uses: ["Quantities", "Blocks"]),
        lean("HAL", uses: ["Control"]),
        room("Plant", uses: ["Quantities", "Blocks"]),
        room("SimBoard", uses: ["Quantities", "Blocks", "Control", "HAL", "Plant"]),
        // Records, samples and wishes as bytes, for a socket and for a disk; no I/O.
        lean("Wire", uses: ["Quantities", "Control"]),
        .target(name: "CThread"),
        // POSIX threads with small stacks.
        lean("Threads", uses: ["CThread"]),
        lean("Loop", uses: ["Control", "HAL", "Threads"]),
        // A loop seen and asked from other programs, over a Unix socket; a room because the loop must
        // not know who reads.
        lean("Link", uses: ["Control", "Quantities", "Wire", "Threads", "Loop"]),
        // What the loop did, on disk, so that it can be lived again.
        lean("BlackBox", uses: ["Quantities", "Control", "Wire", "Threads", "Loop"]),
        // States and causes in the words people read.
        lean("Words", uses: ["Control"]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        lean(
            "BoardProfile", uses: ["Quantities", "Blocks", "Control", "CYAML"], isSmall: true),
        // C libraries of the kernel's doors; the shims choose libgpiod 1.6 or 2.x when they compile.
        .target(name: "CGPIO", linkerSettings: [.linkedLibrary("gpiod")]),
        .target(name: "CI2C", linkerSettings: [.linkedLibrary("i2c")]),
        .target(name: "CIIO"),
        lean(
            "LinuxBoard",
            uses: ["Quantities", "Control", "HAL", "Threads", "CGPIO", "CI2C", "CIIO"]),
        // Resolves the names of a board file onto buses, chips and lines.
        lean("Switchboard", uses: ["Control", "HAL", "BoardProfile", "LinuxBoard"]),
        .target(name: "CUHID"),
        room(
            "Bench",
            uses: ["Quantities", "Blocks", "Control", "HAL", "Plant", "SimBoard", "CUHID"]),
        room(
            "Report",
            resources: ["page.css", "data.js", "plots.js", "hand.js"].map {
                .embedInCode("Page/\($0)")
            }),
        // How much attention a state asks of people.
        room("Tones", uses: ["Control", "Report"]),
        room(
            "Scenario",
            uses: [
                "Quantities", "Blocks", "Control", "HAL", "Plant", "SimBoard", "Loop", "Words",
                "BoardProfile", "Report", "Tones", "BlackBox", "Link",
            ]),
        // Recorded turns lived again, and held against what was recorded.
        room(
            "Replay",
            uses: ["Quantities", "Control", "Wire", "BlackBox", "Words", "BoardProfile"]),
        // Stretches of a recording lived again, to be looked at.
        room(
            "Moments",
            uses: [
                "Control", "Wire", "Words", "BoardProfile", "BlackBox", "Replay", "Report", "Tones",
            ]),
        // Controllers of a board file in lockstep with somebody else's plant; a room because nobody but a
        // bench needs its protocol.
        room(
            "Hil",
            uses: ["Quantities", "Blocks", "Control", "Plant", "Wire", "Words", "BoardProfile"]),
        // A real board, run or read at rest: its loop, and the calibrations in force.
        lean(
            "Station",
            uses: [
                "Quantities", "Control", "HAL", "Threads", "Loop", "BlackBox", "LinuxBoard",
                "BoardProfile",
                "Switchboard",
                "Calibration",
            ]),
        // What people see of a real board; a room because a daemon shows nothing.
        room(
            "Panel",
            uses: [
                "Control", "Loop", "LinuxBoard", "BoardProfile", "Calibration", "Report", "Words",
                "Tones", "Scenario", "Station",
            ]),
        // What makes a controller a service: its start, its keepers, what it leaves to the next.
        lean(
            "Daemon",
            uses: [
                "Quantities", "Control", "HAL", "Wire", "Threads", "Loop", "Link", "BlackBox",
                "Words", "LinuxBoard", "BoardProfile", "Switchboard", "Calibration", "Station",
            ]),
        // SHA-256 of calibration records; every Debian has the library for its package tools.
        .systemLibrary(name: "CMD", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
        .systemLibrary(
            name: "CModbus", pkgConfig: "libmodbus", providers: [.apt(["libmodbus-dev"])]),
        // What a channel reads against what is true, and how well that is known.
        lean("Calibration", uses: ["Quantities", "Control", "BoardProfile", "CMD"]),
        // Reference meters over the network, or of this board.
        room("Instruments", uses: ["HAL", "LinuxBoard", "CModbus"]),
        // A person, a meter and a terminal; a room because a script needs none of it.
        room("Walk", uses: ["Control", "BoardProfile", "Calibration", "Report"]),
        .executableTarget(
            name: "skerry",
            dependencies: [
                "Quantities", "Control", "HAL", "Plant", "SimBoard", "Loop", "BoardProfile",
                "Report", "Scenario", "LinuxBoard", "Switchboard", "Station", "Panel", "Bench",
                "Calibration", "Instruments", "Walk", "Link", "Words", "BlackBox", "Replay", "Wire",
                "Moments", "Hil", "Recorder", "Access", "SiteFile", arguments,
            ],
            swiftSettings: strict),
        // Controllers as they are now, and what people ask of them; a room because a page, MQTT and
        // metrics all look at it.
        room("Feed", uses: ["Quantities", "Control", "Threads", "Link"]),
        // Passwords by the system's own library, sessions, and how often one may try.
        .systemLibrary(
            name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
        room("Access", uses: ["CCrypt"]),
        // Names, tariff, page and broker of a site; a room because no controller reads it.
        room("SiteFile", uses: ["Access", "BoardProfile"]),
        // What people and programs are told of a site.
        room(
            "SiteView",
            uses: [
                "Quantities", "Control", "Words", "BoardProfile", "SiteFile", "Feed", "Recorder",
            ]),
        // The page people look at, and the API below it.
        .target(
            name: "Dashboard",
            dependencies: [
                "Quantities", "Control", "BoardProfile", "Access", "SiteFile", "SiteView", "Feed",
                "Recorder", "BlackBox", "Moments", "Report",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ],
            resources: pageFiles.map { .embedInCode("Page/\($0)") }
                + [.embedInCode("openapi.json")],
            swiftSettings: strict),
        // Controllers as figures that Prometheus fetches.
        .target(
            name: "Prometheus",
            dependencies: ["Quantities", "Control", "Wire", "Words", "Feed", metrics],
            path: "Sources/Devices/Prometheus", swiftSettings: strict),
        // MQTT, by Eclipse's own client library.
        .systemLibrary(
            name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
        // The site in Home Assistant, over an MQTT broker.
        .target(
            name: "HomeAssistant",
            dependencies: ["Quantities", "Control", "Threads", "Words", "Feed", "CMosquitto"],
            path: "Sources/Devices/HomeAssistant", swiftSettings: strict),
        // What happened, in a file that anybody can ask; fed from black boxes.
        room("Recorder", uses: ["Control", "BlackBox", "Words", sqlite, sqliteItself]),
        // Everything slow, beside the controllers.
        .executableTarget(
            name: "skerry-hub",
            dependencies: [
                "BlackBox", "Replay", "Wire", "Recorder", "BoardProfile", "Access", "SiteFile",
                "SiteView", "Feed", "Dashboard", "Loop", "Prometheus", "HomeAssistant", arguments,
            ],
            swiftSettings: strict),
        // The controller as a service: the C libraries and no Foundation.
        .executableTarget(
            name: "skerryd",
            dependencies: ["Switchboard", "Daemon"],
            swiftSettings: strict + leanSettings,
            // Names for the loader that nobody asks for, 0.7 MB.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--no-export-dynamic"])]),
        .executableTarget(
            name: "skerry-measure",
            dependencies: [
                "Quantities", "Blocks", "Control", "HAL", "Plant", "SimBoard", "Loop",
                "BoardProfile", "Scenario", "Calibration", "Wire", "BlackBox", "Replay", "Hil",
            ],
            swiftSettings: strict),
        // The same of the hub's store, apart because it needs the store's packages.
        .executableTarget(
            name: "skerry-measure-hub",
            dependencies: [
                "Quantities", "Control", "Loop", "BlackBox", "Recorder", sqlite,
            ],
            swiftSettings: strict),
        // Counts allocations; stands in front of malloc in the test program alone.
        .target(name: "AllocationCount", path: "Tests/AllocationCount"),
        tests("Quantities"),
        tests("Blocks"),
        tests(
            "Control",
            uses: ["Quantities", "Blocks", "HAL", "Loop", "skerry-measure", "AllocationCount"],
            resources: [.copy("Traces")]),
        tests("Plant", uses: ["Quantities", "Blocks"]),
        tests("SimBoard", uses: ["Quantities", "Blocks", "Control", "HAL", "Plant"]),
        tests("Threads"),
        tests(
            "Wire",
            uses: [
                "Quantities", "Control", "HAL", "Plant", "SimBoard", "Loop", "BoardProfile",
                "Scenario",
            ]),
        // Which clocks a thread asks; stands in front of the C library in the test program alone.
        .target(name: "AskedClocks", path: "Tests/AskedClocks"),
        tests(
            "Loop",
            uses: [
                "Quantities", "Control", "HAL", "Plant", "SimBoard", "BoardProfile", "Scenario",
                "AskedClocks",
            ]),
        tests("Link", uses: ["Plant", "Quantities", "Control", "Wire", "Loop"]),
        tests(
            "BlackBox",
            uses: ["Quantities", "Control", "Plant", "Wire", "Loop", "BoardProfile", "Scenario"]),
        tests(
            "Replay",
            uses: [
                "Quantities", "Control", "Wire", "Loop", "BlackBox", "BoardProfile", "Scenario",
                "SimBoard", "Words",
            ]),
        tests(
            "Moments",
            uses: [
                "Control", "Words", "Loop", "BlackBox", "Replay", "BoardProfile", "Scenario",
                "Report",
            ]),
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
                "Switchboard", "Bench", "Loopback", "Report", "Calibration", "Words", "Panel",
            ]),
        // The virtual board without a kernel, and the daemon on it: what tests start and kill.
        .target(
            name: "Loopback",
            dependencies: ["HAL", "LinuxBoard", "BoardProfile", "Switchboard", "Bench"],
            path: "Tests/Loopback", swiftSettings: strict),
        .executableTarget(
            name: "skerryd-loopback", dependencies: ["Daemon", "Loopback"],
            path: "Tests/LoopbackDaemon", swiftSettings: strict),
        tests(
            "Daemon",
            uses: [
                "Quantities", "Control", "Wire", "Loop", "Link", "BlackBox", "Replay",
                "BoardProfile",
                "Station", "skerryd-loopback",
            ]),
        // Other people's programs, for the tests that start them.
        .target(name: "CloseFrom", path: "Tests/CloseFrom"),
        .target(
            name: "Children", dependencies: ["CloseFrom"], path: "Tests/Children",
            swiftSettings: strict),
        tests("Access"),
        tests("SiteFile", uses: ["Access", "BoardProfile"]),
        tests(
            "SiteView",
            uses: [
                "Quantities", "Control", "BoardProfile", "SiteFile", "Feed", "Recorder", "BlackBox",
            ]),
        tests(
            "Dashboard",
            uses: [
                "Quantities", "Control", "Loop", "Link", "BoardProfile", "Access", "SiteFile",
                "SiteView", "Feed", "Recorder", "Children", sqlite,
            ]),
        tests("Feed", uses: ["Quantities", "Control", "Loop", "Link"]),
        tests(
            "HomeAssistant", uses: ["Quantities", "Control", "Feed", "CMosquitto", "Children"]),
        tests(
            "Prometheus", uses: ["Quantities", "Control", "Wire", "Feed", "Children", metrics]),
        tests(
            "Recorder",
            uses: ["Quantities", "Control", "BlackBox", "skerry-hub", sqlite]),
        tests(
            "Hil", uses: ["Quantities", "Control", "Plant", "BoardProfile", "Wire"]),
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
                "Report", "BlackBox",
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// `make sanitize` builds what faces C, and its tests, without the rest.
if Context.environment["SKERRY_SANITIZE"] != nil {
    let facingC = [
        "LinuxBoard", "Bench", "Switchboard", "Station", "Loop", "Link", "BlackBox", "Instruments",
        "Sanitizer",
    ]
    // What never meets the kernel's doors, with its packages.
    let hub = [
        "AllocationCount", "Recorder", "Feed", "Access", "SiteFile", "SiteView", "Prometheus",
        "HomeAssistant", "CMosquitto", "Dashboard",
    ]
    package.targets.removeAll { target in
        target.type == .executable || hub.contains(target.name)
            || (target.type == .test && !facingC.contains { target.name == "\($0)Tests" })
    }
    package.products = []
    package.dependencies.removeAll { _ in true }
    // The plant keeps up with its clients only when it is optimised.
    let optimised = [
        "Quantities", "Blocks", "Control", "Plant", "SimBoard", "Scenario", "Wire", "BlackBox",
        "Bench",
    ]
    for target in package.targets where optimised.contains(target.name) {
        target.swiftSettings?.append(.unsafeFlags(["-O"]))
    }
}
