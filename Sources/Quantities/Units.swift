/// The names of units, used only as the parameter of `Quantity`.
public enum Unit {
    /// RMS where a name says RMS; instantaneous or DC otherwise.
    public enum Volt: Sendable {}
    public enum Ampere: Sendable {}
    /// Active power, positive into the site's bus. Kept apart from `Var` and `VoltAmpere`.
    public enum Watt: Sendable {}
    /// Reactive power, positive when the current lags and flows into the site's bus.
    public enum Var: Sendable {}
    /// Apparent power.
    public enum VoltAmpere: Sendable {}
    public enum Hertz: Sendable {}
    public enum HertzPerSecond: Sendable {}
    public enum Ohm: Sendable {}
    public enum Second: Sendable {}
    public enum DegreeCelsius: Sendable {}
}

public typealias Volts = Quantity<Unit.Volt>
public typealias Amperes = Quantity<Unit.Ampere>
public typealias Watts = Quantity<Unit.Watt>
public typealias Vars = Quantity<Unit.Var>
public typealias VoltAmperes = Quantity<Unit.VoltAmpere>
public typealias Hertz = Quantity<Unit.Hertz>
public typealias HertzPerSecond = Quantity<Unit.HertzPerSecond>
public typealias Ohms = Quantity<Unit.Ohm>
public typealias Seconds = Quantity<Unit.Second>
public typealias Celsius = Quantity<Unit.DegreeCelsius>

@inlinable public func * (v: Volts, i: Amperes) -> Watts { Watts(v.value * i.value) }
@inlinable public func * (i: Amperes, r: Ohms) -> Volts { Volts(i.value * r.value) }
@inlinable public func / (v: Volts, r: Ohms) -> Amperes { Amperes(v.value / r.value) }
@inlinable public func / (p: Watts, v: Volts) -> Amperes { Amperes(p.value / v.value) }
@inlinable public func * (r: HertzPerSecond, t: Seconds) -> Hertz { Hertz(r.value * t.value) }
