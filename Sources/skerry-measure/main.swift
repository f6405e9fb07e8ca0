import Foundation

let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "measurement": MeasurementTable.print()
case "meter-cost": MeterCost.print()
case "bench": exit(Bench.run(Array(arguments.dropFirst())))
case "bench-hil": exit(HilBench.run(Array(arguments.dropFirst())))
case "latency": exit(LatencyBench.run(Array(arguments.dropFirst())))
case "latency-loop": exit(LatencyLoop.run(Array(arguments.dropFirst())))
case "dc-sharing": SharingTable.print()
case "islanding": IslandingTable.print()
case "calibration": exit(CalibrationBench.run(Array(arguments.dropFirst())))
case "calibration-energy": exit(EnergyBench.run(Array(arguments.dropFirst())))
case "turns": exit(TurnStream.run(Array(arguments.dropFirst())))
case "loop": exit(QuietLoop.run(Array(arguments.dropFirst())))
default:
    print(
        "usage: skerry-measure measurement | meter-cost | dc-sharing | islanding | calibration [--boards N] [--seed S] [--show] | calibration-energy [--boards N] [--seed S] [--show] | bench [--peers DIR] [--full] | bench-hil [--skerry PATH] | latency [--quick] | \(QuietLoop.usage) | \(TurnStream.usage)"
    )
}
