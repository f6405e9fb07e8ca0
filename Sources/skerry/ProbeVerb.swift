import ArgumentParser
import BoardProfile
import Foundation
import HAL
import LinuxBoard
import Switchboard

struct ProbeVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "List the I2C adapters, GPIO chips and IIO devices of this machine.",
        discussion: """
            Looks and changes nothing. --scan asks every address of an adapter, which can disturb
            some chips: not on a live plant.
            """)
    @Flag(help: "JSON.")
    var json = false
    @Option(help: "Ask every address of this adapter, by its number.")
    var scan: Int?

    func run() throws {
        let findings = Finder().findings()
        if let scan {
            try show(scan, findings)
            return
        }
        guard json else {
            print(findings.text)
            return
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(findings), as: UTF8.self))
    }

    private func show(_ number: Int, _ findings: Findings) throws {
        let path = DeviceKind.i2c.node(number)
        let claimed = findings.buses.first { $0.number == number }?.claimed ?? []
        do throws(BoardFault) {
            let bus = try I2CBus(path: path)
            let scan = try BusScan(bus, claimed: Set(claimed.map(\.address)))
            func list(_ addresses: [UInt8]) -> String {
                addresses.isEmpty
                    ? "none"
                    : addresses.map { "0x" + String($0, radix: 16) }.joined(separator: ", ")
            }
            print("\(path) answers: \(list(scan.present))")
            if !scan.claimed.isEmpty { print("held by drivers: \(list(scan.claimed))") }
            if !scan.timedOut.isEmpty { print("ran out of time: \(list(scan.timedOut))") }
        } catch {
            complain("\(path) \(error.words)")
            throw ExitCode.failure
        }
    }
}

/// `skerry check --probe`: the board file against what is on this machine.
func probe(_ switchboard: Switchboard, json: Bool) throws {
    let found = switchboard.probe(Finder().findings()) { number throws(BoardFault) in
        try I2CBus(path: DeviceKind.i2c.node(number))
    }
    if json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(found), as: UTF8.self))
    } else {
        for finding in found { print(finding) }
    }
    let faults = found.count { $0.severity == .fault }
    if !json {
        print(faults == 0 ? "this machine is wired as the file says" : "\(faults) to mend")
    }
    if faults > 0 { throw ExitCode.failure }
}
