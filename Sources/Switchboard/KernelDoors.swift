import BoardProfile
import LinuxBoard

extension Doors {
    /// The kernel's devices, found by the names of the board file.
    public static var kernel: Doors {
        Doors(
            bus: { .kernel($0.selector) },
            lines: { gpio, lines in .kernel(gpio.selector, lines.map(\.request)) })
    }
}

extension BusProfile {
    public var selector: DeviceSelector {
        DeviceSelector(name: adapter, parent: parent.isEmpty ? nil : parent, index: index)
    }
}

extension GPIOProfile {
    public var selector: DeviceSelector {
        DeviceSelector(name: label, parent: parent.isEmpty ? nil : parent, index: index)
    }
}

extension LineProfile {
    var request: ChipLines.Line {
        let drive: LineDrive =
            switch drive {
            case "open_drain": .openDrain
            case "open_source": .openSource
            default: .pushPull
            }
        let bias: LineBias =
            switch bias {
            case "none": .disabled
            case "pull_up": .pullUp
            case "pull_down": .pullDown
            default: .asIs
            }
        return ChipLines.Line(
            offset: line, activeLow: active == "low", bias: bias,
            output != nil
                ? .output(rest: false, drive: drive)
                : .input(debounce_us: UInt32(debounce_s * 1e6)))
    }
}
