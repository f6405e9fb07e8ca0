import Foundation

let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "measurement": MeasurementTable.print()
case "meter-cost": MeterCost.print()
case "bench": exit(Bench.run(Array(arguments.dropFirst())))
default: print("usage: skerry-measure measurement | meter-cost | bench [--peers DIR] [--full]")
}
