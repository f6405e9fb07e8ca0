import Foundation

// Figures of the hub's store, for `make bench-store`:
//
//     skerry-measure-hub ring FOLDER SECONDS     a black box with a record a second
//     skerry-measure-hub take FOLDER STORE       takes it over into a new store; prints values a second
//     skerry-measure-hub year STORE NAME...      a store with a year of each controller

let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch (arguments.first, arguments.count) {
    case ("ring", 3): try MadeRing.write(arguments[1], seconds: Int(arguments[2]) ?? 0)
    case ("take", 3): print(try MadeRing.take(arguments[1], into: arguments[2]))
    case ("year", 3...): try MadeYear.write(arguments[1], controllers: Array(arguments[2...]))
    default:
        FileHandle.standardError.write(
            Data("usage: skerry-measure-hub ring|take|year …\n".utf8))
        exit(64)
    }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
