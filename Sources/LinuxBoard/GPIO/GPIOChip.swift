internal import CGPIO
import HAL

/// What a pin is pulled to. Drivers that cannot pull ignore it silently.
public enum LineBias: String, Codable, CaseIterable, Sendable {
    case asIs, disabled, pullUp, pullDown
    var code: UInt8 {
        switch self {
        case .asIs: UInt8(SKERRY_GPIO_BIAS_AS_IS.rawValue)
        case .disabled: UInt8(SKERRY_GPIO_BIAS_DISABLED.rawValue)
        case .pullUp: UInt8(SKERRY_GPIO_BIAS_PULL_UP.rawValue)
        case .pullDown: UInt8(SKERRY_GPIO_BIAS_PULL_DOWN.rawValue)
        }
    }
}

/// Which of its two levels a pin drives by itself.
public enum LineDrive: String, Codable, CaseIterable, Sendable {
    case pushPull, openDrain, openSource
    var code: UInt8 {
        switch self {
        case .pushPull: UInt8(SKERRY_GPIO_PUSH_PULL.rawValue)
        case .openDrain: UInt8(SKERRY_GPIO_OPEN_DRAIN.rawValue)
        case .openSource: UInt8(SKERRY_GPIO_OPEN_SOURCE.rawValue)
        }
    }
}

/// What the kernel knows of a line, whoever holds it.
public struct LineState: Equatable, Codable, Sendable {
    public var offset: Int
    /// As the board's description calls it: `GPIO17`; empty where nobody named it.
    public var name: String
    /// Held by a process or a driver, or given to another function of its pin.
    public var used: Bool
    /// Who holds it, where the kernel says.
    public var consumer: String
    public var output: Bool
    /// As its holder asked of the kernel. Lines held by us never are: see `OutputLines`.
    public var activeLow: Bool
    public var bias: LineBias
    public var drive: LineDrive

    public init(
        offset: Int, name: String = "", used: Bool = false, consumer: String = "",
        output: Bool = false, activeLow: Bool = false, bias: LineBias = .asIs,
        drive: LineDrive = .pushPull
    ) {
        self.offset = offset
        self.name = name
        self.used = used
        self.consumer = consumer
        self.output = output
        self.activeLow = activeLow
        self.bias = bias
        self.drive = drive
    }
}

/// One open GPIO chip: a door to look through and to request lines at.
///
/// Sendable although it holds a C handle: it is the handle's only owner, the handle belongs to no
/// thread, and every use of it is `mutating`, hence exclusive.
public struct GPIOChip: ~Copyable, @unchecked Sendable {
    let handle: OpaquePointer
    /// As the kernel calls it: `gpiochip0`.
    public let name: String
    /// As its driver calls it: `pinctrl-bcm2711`, `cp2112_gpio`.
    public let label: String
    public let lineCount: Int
    /// 1 or 2: the libgpiod built for.
    public static var library: Int { Int(skerry_gpio_library()) }

    /// The corresponding C function is `gpiod_chip_open`.
    ///
    /// - Parameter path: `/dev/gpiochip0`, or a symbolic link to such a device.
    /// - Throws: `.notPresent`, `.notPermitted`, or `.bus` with ENOTTY where it is no GPIO chip.
    public init(path: String) throws(BoardFault) {
        var opened: OpaquePointer?
        try checkReturned(.notPresent) { skerry_gpio_open(path, &opened) }
        guard let opened else { throw BoardFault(.notPresent) }
        handle = opened
        name = String(cString: skerry_gpio_chip_name(opened))
        label = String(cString: skerry_gpio_chip_label(opened))
        lineCount = Int(skerry_gpio_chip_line_count(opened))
    }

    /// Lines requested here live on.
    deinit { skerry_gpio_close(handle) }

    /// Asks the kernel afresh.
    ///
    /// - Parameter offset: 0 ..< `lineCount`.
    /// - Throws: `.notPresent` where the chip is gone or has no such line.
    public mutating func line(_ offset: Int) throws(BoardFault) -> LineState {
        guard (0..<lineCount).contains(offset) else { throw BoardFault(.notPresent) }
        var info = skerry_gpio_line_info()
        try checkReturned { skerry_gpio_line_info(handle, UInt32(offset), &info) }
        return LineState(
            offset: offset, name: text(info.name), used: info.used, consumer: text(info.consumer),
            output: info.output, activeLow: info.active_low,
            bias: LineBias.allCases.first { $0.code == info.bias } ?? .asIs,
            drive: LineDrive.allCases.first { $0.code == info.drive } ?? .pushPull)
    }

    /// All lines, in their order.
    public mutating func lines() throws(BoardFault) -> [LineState] {
        var all: [LineState] = []
        for offset in 0..<lineCount { all.append(try line(offset)) }
        return all
    }
}

/// What a C array of characters says up to its zero.
private func text<Characters: BitwiseCopyable>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
