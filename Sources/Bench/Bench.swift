/// The virtual board: a plant behind the kernel's own drivers.
///
/// A program on `/dev/uhid` poses as CP2112 USB bridges. The stock driver `hid-cp2112` makes a real
/// `/dev/i2c-N` and a real `/dev/gpiochipN` of each; `ina2xx-adc`, `ti-ads1015` and `mcp4725` bind on
/// top; and every transaction is answered by `Plant`.
///
///     /dev/uhid ◀▶ UHIDDevice ◀▶ CP2112 ◀▶ chips ◀ sensors ◀ BenchPlant
///                                   └────── pins ◀▶ relays ◀──┘   ▲
///     control socket ◀▶ Orders (faults, outages, loads, truth) ───┘
///
/// `VirtualBoard` is everything between the doors: plain values, told the time, the same for ever from
/// one seed. `serve` opens the doors. The wiring is `Wiring`.
public enum Bench {}
