/// What a person does about it, in words to type.
enum Remedy {
    /// No device of a kind fits.
    static func missing(_ kind: DeviceKind, of findings: Findings) -> String {
        switch kind {
        case .i2c where findings.buses.isEmpty && findings.isRaspberryPi:
            return "Add the line dtparam=i2c_arm=on to /boot/firmware/config.txt "
                + "(/boot/config.txt before Raspberry Pi OS 12) and restart the machine."
        case .i2c where findings.buses.isEmpty:
            return "Enable the adapter in the firmware's settings or the device tree, "
                + "or plug in a bridge; dmesg | grep i2c says what the kernel found."
        case .gpio where findings.gpio.isEmpty:
            return "Plug in the bridge that has the lines, or load its driver: "
                + "gpiodetect lists what is there."
        case .iio where findings.iio.isEmpty:
            return "Tell the kernel of the chip: a dtoverlay in config.txt, or for a trial "
                + "echo ina226 0x40 | sudo tee /sys/bus/i2c/devices/i2c-1/new_device."
        default:
            return "Plug it in, or correct name and parent in the board file."
        }
    }

    /// There is a device and no node to open.
    static func node(_ kind: DeviceKind) -> String {
        switch kind {
        case .i2c:
            "sudo modprobe i2c-dev, and to keep it: "
                + "echo i2c-dev | sudo tee /etc/modules-load.d/i2c-dev.conf"
        case .gpio: "The kernel was built without CONFIG_GPIO_CDEV, or udev does not run here."
        case .iio:
            "The kernel makes a node for devices with a buffer or events only: read single values, "
                + "or use a chip whose driver captures."
        }
    }

    static func permission(_ kind: DeviceKind) -> String {
        "sudo groupadd -rf \(kind.group) && sudo usermod -aG \(kind.group) $USER, then log in "
            + "again. If the group may not either: put \(kind.rule) into "
            + "/etc/udev/rules.d/60-skerry.rules and run sudo udevadm trigger."
    }

    static func silent(_ chip: String, _ address: UInt8) -> String {
        "Look at its supply, its wires and its address straps: \(chip) should be at "
            + "\(shortHex(address)). i2cdetect lists who answers."
    }

    static func held(_ claim: ClaimedAddress, on bus: FoundBus) -> String {
        guard let driver = claim.driver else { return "" }
        let digits = String(claim.address, radix: 16)
        let padded = String(repeating: "0", count: 4 - digits.count) + digits
        return "Read it as an IIO device instead, or take it from the driver: "
            + "echo \(bus.number)-\(padded) | sudo tee /sys/bus/i2c/drivers/\(driver)/unbind"
    }

    static func busy(_ line: LineState) -> String {
        let by = line.consumer.lowercased()
        if by.hasPrefix("skerry") {
            return "Another Skerry runs: sudo systemctl stop skerryd, or end that program."
        }
        if by.hasPrefix("spi") { return "Switch SPI off (dtparam=spi=off), or use another line." }
        return by.isEmpty
            ? "Another function of the pin has it: see the overlays in config.txt, or use "
                + "another line."
            : "End who holds it, remove its overlay, or use another line."
    }
}
