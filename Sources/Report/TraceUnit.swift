extension Trace {
    /// A unit as people read it and as files name it.
    public struct Unit: Sendable, Hashable {
        /// After a number on a page: `Hz/s`. Empty for a plain number.
        public var symbol: String
        /// After a name in a file, following `_`: `Hz_per_s`. Empty for a plain number.
        public var suffix: String

        public init(symbol: String, suffix: String) {
            self.symbol = symbol
            self.suffix = suffix
        }

        /// A unit whose symbol is also fit for a name.
        private init(_ both: String) { self.init(symbol: both, suffix: both) }

        /// A plain number.
        public static let one = Self("")
        public static let pu = Self("pu")
        public static let V = Self("V")
        public static let A = Self("A")
        public static let W = Self("W")
        public static let kW = Self("kW")
        public static let `var` = Self("var")
        public static let VA = Self("VA")
        public static let Wh = Self("Wh")
        public static let kWh = Self("kWh")
        public static let Hz = Self("Hz")
        public static let Hz_per_s = Self(symbol: "Hz/s", suffix: "Hz_per_s")
        public static let degree = Self(symbol: "°", suffix: "deg")
        public static let celsius = Self(symbol: "°C", suffix: "degC")
        public static let percent = Self(symbol: "%", suffix: "percent")
        public static let h = Self("h")
        public static let min = Self("min")
        public static let s = Self("s")
        public static let ms = Self("ms")
        public static let us = Self(symbol: "µs", suffix: "us")
        public static let ns = Self("ns")
    }
}
