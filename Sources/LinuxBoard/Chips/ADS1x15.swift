import HAL
import Quantities

/// What tells an ADS1115 from an ADS1015.
public protocol ADSResolution: Sendable {
    static var name: String { get }
    /// 16 or 12; codes stand at the top of a 16-bit register.
    static var bits: Int { get }
    /// Samples a second for DR = 0, 1, 2 ...
    static var rates_SPS: [Double] { get }
    static var standardRate_SPS: Double { get }
}
/// ADS1115, SBAS444E.
public enum SixteenBits: ADSResolution {
    public static let name = "ads1115"
    public static let bits = 16
    public static let rates_SPS: [Double] = [8, 16, 32, 64, 128, 250, 475, 860]
    public static let standardRate_SPS = 128.0
}
/// ADS1015, SBAS473E.
public enum TwelveBits: ADSResolution {
    public static let name = "ads1015"
    public static let bits = 12
    public static let rates_SPS: [Double] = [128, 250, 490, 920, 1600, 2400, 3300]
    public static let standardRate_SPS = 1600.0
}
public typealias ADS1115 = ADS1x15<SixteenBits>
public typealias ADS1015 = ADS1x15<TwelveBits>

/// Four analogue inputs, each against ground or against another (Texas Instruments ADS1115 and
/// ADS1015).
///
/// Each reading is one conversion started for it, waited for, and polled by the bit OS: the value is
/// never older than the call. A code at the end of the scale reads NaN. There is no register that
/// says what the chip is.
public struct ADS1x15<Resolution: ADSResolution>: Meter {
    public static var name: String { Resolution.name }
    public static var addresses: ClosedRange<UInt8> { 0x48...0x4B }

    static var fullScale: ChipOption {
        ChipOption(
            "full_scale_V", "V", .oneOf([6.144, 4.096, 2.048, 1.024, 0.512, 0.256]),
            standard: 4.096, "full scale either way; the pins bear no more than the supply")
    }
    static var rate: ChipOption {
        ChipOption(
            "rate_SPS", "SPS", .oneOf(Resolution.rates_SPS),
            standard: Resolution.standardRate_SPS, "samples a second; slower is quieter")
    }
    /// In the order of the multiplexer's code, MUX = 0 ... 7.
    static var pins: [ChipPin] {
        ["ain0_1", "ain0_3", "ain1_3", "ain2_3", "ain0", "ain1", "ain2", "ain3"].map {
            ChipPin($0, "V")
        }
    }

    public let address: UInt8
    public var inputs: [ChipPin] { Self.pins }
    private let fullScale_V: Float
    private let rate_SPS: Double
    /// PGA, MODE, DR and COMP_QUE.
    private let settings: UInt16
    /// Lets the conversion's time pass.
    var pause: @Sendable (Seconds) -> Void

    /// - Parameters:
    ///   - fullScale_V: 6.144, 4.096, 2.048, 1.024, 0.512 or 0.256, either way.
    ///   - rate_SPS: one of the part's data rates; nil: its reset value. A reading takes 1 / rate.
    ///   - pause: lets time pass; tests give one that does not.
    public init(
        address: UInt8, fullScale_V: Double = 4.096, rate_SPS: Double? = nil,
        pause: @escaping @Sendable (Seconds) -> Void = letPass
    ) throws(ChipRefusal) {
        self.address = try Self.seat(address)
        self.fullScale_V = Float(fullScale_V)
        self.rate_SPS = rate_SPS ?? Resolution.standardRate_SPS
        self.pause = pause
        // Config register: PGA in bits 11 ... 9, MODE 1 (single shot) in bit 8, DR in bits 7 ... 5,
        // COMP_QUE 11 (no comparator) in bits 1 and 0.
        settings =
            try Self.fullScale.code(fullScale_V) << 9 | 1 << 8
            | Self.rate.code(self.rate_SPS) << 5 | 0b11
    }

    public func identify(on port: any I2CPort) throws(BoardFault) -> Identity {
        _ = try port.word(ADSRegister.config, of: address)
        return .unverifiable
    }

    public mutating func configure(on port: any I2CPort) throws(BoardFault) {
        // OS 0: starts nothing. It reads 1 when no conversion is under way.
        try port.settle(ADSRegister.config, settings, mask: ~ADSRegister.start, of: address)
    }

    public mutating func read(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float {
        precondition(Self.pins.indices.contains(n))
        let wanted = settings | UInt16(n) << 12
        try port.setWord(ADSRegister.config, wanted | ADSRegister.start, of: address)
        pause(Seconds(Float(1 / rate_SPS)))
        // The oscillator may be 10 % slow (Electrical Characteristics): ten looks, half as long.
        for _ in 0..<10 {
            let now = try port.word(ADSRegister.config, of: address)
            guard now & ~ADSRegister.start == wanted else { throw .differs }
            if now & ADSRegister.start != 0 {
                return convert(try port.word(ADSRegister.conversion, of: address))
            }
            pause(Seconds(Float(0.05 / rate_SPS)))
        }
        throw .neverReady
    }

    public func step(of n: Int) -> Float { fullScale_V / Float(1 << (Resolution.bits - 1)) }

    /// Data Format: the end of the scale is 2^(bits − 1) steps; codes clip at both ends.
    private func convert(_ word: UInt16) -> Float {
        let code = Int16(bitPattern: word) >> Int16(16 - Resolution.bits)
        let end = 1 << (Resolution.bits - 1)
        guard code > -end, code < end - 1 else { return .nan }
        return Float(code) * fullScale_V / Float(end)
    }

    public static var kind: ChipKind {
        ChipKind(
            Self.self, "Four analogue inputs of \(Resolution.bits) bits, single or differential.",
            options: [fullScale, rate], inputs: pins
        ) { (address, given) throws(ChipRefusal) in
            try Self(address: address, fullScale_V: given[fullScale], rate_SPS: given[rate])
        }
    }
}

enum ADSRegister {
    static let conversion: UInt8 = 0x00
    static let config: UInt8 = 0x01
    /// OS: written 1, starts a conversion; reads 0 while one is under way.
    static let start: UInt16 = 1 << 15
}
