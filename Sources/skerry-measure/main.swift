switch CommandLine.arguments.dropFirst().first {
case "measurement": MeasurementTable.print()
case "meter-cost": MeterCost.print()
case "dc-sharing": SharingTable.print()
default: print("usage: skerry-measure measurement | meter-cost | dc-sharing")
}
