import Control

extension BusProfile {
    static let section = Section(
        "Bus", of: BusProfile(), "An I2C adapter, found by its name and place."
    ) { s in
        s.text(
            "name", \.name, form: .name, "How the board file calls it.", .required, example: "i2c")
        s.text(
            "adapter", \.adapter,
            "Its name as /sys/bus/i2c/devices/i2c-*/name has it; * stands for any text.",
            .required, example: "bcm2835 (i2c@7e804000)")
        s.text("parent", \.parent, "A part of the path of the device it hangs on.")
        s.integer("index", \.index, 0...63, "Which of several that fit, by their paths.")
    }
}

extension GPIOProfile {
    static let section = Section(
        "GPIO", of: GPIOProfile(), "A chip of GPIO lines, found by its label and place."
    ) { s in
        s.text(
            "name", \.name, form: .name, "How the board file calls it.", .required, example: "pins")
        s.text(
            "label", \.label, "Its label as gpiodetect prints it; * stands for any text.",
            .required, example: "pinctrl-bcm2711")
        s.text("parent", \.parent, "A part of the path of the device it hangs on.")
        s.integer("index", \.index, 0...63, "Which of several that fit, by their paths.")
        s.duration("every_s", \.every_s, 0.0005...1, "How often lines are driven and read.")
        s.duration("beat_s", \.beat_s, 0.001...1, "Half a period of the heartbeat.")
    }
}

extension ChannelProfile {
    static let section = Section(
        "Channel", of: ChannelProfile(), "What a pin of a chip measures, and how often."
    ) { s in
        s.choice(
            "channel", \.channel, of: ScalarChannel.allCases.map(\.key), "What is measured.",
            .required, example: "battery_voltage")
        s.text("from", \.from, "The pin: chip.pin.", .required, example: "battery.bus_voltage")
        s.duration("every_s", \.every_s, 0.0005...60, "How often it is read.")
        s.number("gain", \.gain, -100_000...100_000, "channel = (pin - offset) * gain.")
        s.number("offset", \.offset, -100_000...100_000, "In the pin's unit.")
        s.duration(
            "stale_after_s", \.staleAfter_s, 0.001...600,
            "Older than this it is not believed; left out, five readings.")
        s.duration(
            "stuck_after_s", \.stuckAfter_s, 0...60,
            "The very same number for so long is not believed; 0 switches the test off.")
        s.section("thermistor", \.thermistor, ThermistorProfile.section)
        s.rule { channel, check in
            let isTemperature = ["battery_temperature", "board_temperature"].contains(
                channel.channel)
            if channel.thermistor != nil && !isTemperature {
                check.refuse(
                    \.channel, "is no temperature, and a thermistor measures nothing else",
                    "write battery_temperature or board_temperature, or remove thermistor")
            }
            if channel.gain == 0 {
                check.refuse(\.gain, "makes every reading nil", "write what one unit of the pin is")
            }
        }
    }
}

extension LineProfile {
    static let section = Section(
        "Line", of: LineProfile(), "An output the controller drives, or the feedback of a contact."
    ) { s in
        s.choice(
            "output", \.output, of: HardwareProfile.outputs, "The output this line drives.",
            .alternative)
        s.choice(
            "contact", \.contact, of: Contact.allCases.map(\.key), "The contact this line hears.",
            .alternative)
        s.text(
            "on", \.on, "The gpio chip or expander that has the line.", .required, example: "pins")
        s.integer("line", \.line, 0...1023, "Its offset on that chip.", .required, example: 17)
        s.choice("active", \.active, of: ["high", "low"], "The level that means on, or closed.")
        s.choice(
            "drive", \.drive, of: ["push_pull", "open_drain", "open_source"],
            "How an output is driven.")
        s.choice(
            "bias", \.bias, of: ["as_is", "none", "pull_up", "pull_down"],
            "The bias of an input.")
        s.duration("debounce_s", \.debounce_s, 0...1, "A contact must rest this long.")
    }
}

extension ReferenceProfile {
    static let section = Section(
        "Reference", of: ReferenceProfile(),
        "A figure of the command as an analogue reference: pin = figure * gain + offset."
    ) { s in
        s.choice(
            "figure", \.figure, of: HardwareProfile.figures, "What is given.", .required,
            example: "converter_voltage")
        s.text("to", \.to, "The pin: chip.pin.", .required, example: "reference.out")
        s.duration("every_s", \.every_s, 0.0005...60, "How often a change is carried out.")
        s.number("gain", \.gain, -1000...1000, "In the pin's unit for each unit of the figure.")
        s.number("offset", \.offset, -1_000_000...1_000_000, "In the pin's unit.")
        s.number("rest", \.rest, -1000...1000, "The pin at rest.")
        s.number("lowest", \.lowest, -1000...1000, "Never less than this.")
        s.number("highest", \.highest, -1000...1000, "Never more than this.")
    }
}
