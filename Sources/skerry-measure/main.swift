switch CommandLine.arguments.dropFirst().first {
case "measurement": MeasurementTable.print()
case "meter-cost": MeterCost.print()
default: print("usage: skerry-measure measurement | meter-cost")
}
