import BoardProfile
import LinuxBoard

extension Doors {
    /// The kernel's devices, found by the names of the board file.
    public static var kernel: Doors {
        Doors(
            bus: { .kernel($0.selector) },
            lines: { gpio, request in
                .kernel(
                    gpio.selector, outputs: request.outputs.map(\.wish),
                    inputs: request.inputs.map(\.wish))
            })
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
    var wish: LineWish {
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
        return LineWish(
            offset: line, activeLow: active == "low", drive: drive, bias: bias,
            debounce_us: UInt32(debounce_s * 1e6))
    }
}
