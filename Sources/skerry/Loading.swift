import ArgumentParser
import BoardProfile
import Foundation
import Scenario

/// Reads a file and answers its value, or says what is wrong with it and ends the program.
func load<Root>(_ reading: Reading<Root>, quiet: Bool = false) throws -> Root {
    for problem in reading.problems where !quiet || problem.severity == .error {
        complain(problem.rendered)
    }
    guard let value = reading.value, reading.errors.count == 0 else {
        complain(
            "\(reading.errors.count) error\(reading.errors.count == 1 ? "" : "s"); nothing was run")
        throw ExitCode.failure
    }
    return value
}

/// The file must exist before anything is said about what is in it.
func requireFile(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
        complain("\(path): no such file or folder")
        throw ExitCode.noInput
    }
}

/// A duration as people write it: `30s`, `5min`, `2h`, or plain seconds.
struct Span: ExpressibleByArgument {
    var seconds: Double
    var defaultValueDescription: String {
        seconds >= 60 && seconds.truncatingRemainder(dividingBy: 60) == 0
            ? "\(Int(seconds / 60))min" : "\(seconds)s"
    }
    init?(argument: String) {
        let units: [(String, Double)] = [
            ("min", 60), ("ms", 0.001), ("s", 1), ("h", 3600), ("", 1),
        ]
        for (suffix, scale) in units where argument.hasSuffix(suffix) {
            if let number = Double(argument.dropLast(suffix.count)), number.isFinite, number > 0 {
                seconds = number * scale
                return
            }
        }
        return nil
    }
}
