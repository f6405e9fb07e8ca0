@testable import Report

/// Three homes two seconds into an outage.
func islandFrame() -> LiveFrame {
    var frame = LiveFrame(title: "skerry · sim-village · outage at dusk")
    frame.time_s = 12.34
    frame.grid = .init(
        state: "lost", voltage_V: 0.4, frequency_Hz: .nan, isHealthy: false)
    frame.island = .init(
        state: "islanded", tone: .attention, inState_s: 2.22, cause: "undervoltage at the grid side"
    )
    var history: [Double] = []
    var swing = 0.0, speed = 0.0
    for n in 0..<200 {
        let target = n < 175 ? 50.0 : 49.82
        speed += 0.25 * (target - 50 - swing) - 0.28 * speed
        swing += speed
        history.append(50 + swing)
    }
    frame.bus = .init(voltage_V: 228.7, frequency_Hz: 49.821, frequencyHistory_Hz: history)
    let powers: [(load: Double, pv: Double, battery: Double, limit: Double, soc: Double)] = [
        (-1350, 567, 1261, 3000, 0.79), (-1080, 714, 1622, 3000, 0.705),
        (-2250, 861, -1920, 5000, 0.17),
    ]
    for (n, power) in powers.enumerated() {
        var home = LiveFrame.Home(name: "home \(n + 1)")
        home.load_W = power.load
        home.pv_W = power.pv
        home.battery_W = power.battery
        home.batteryLimit_W = power.limit
        home.soc = power.soc
        home.share_percent = 100 * power.battery.magnitude / power.limit
        home.contactor = "closed"
        home.loadGroups = n == 1 ? "●●○" : "●●●"
        home.state = n == 1 ? "shedding" : n == 2 ? "forming" : "forming"
        home.tone = n == 1 ? .attention : .normal
        if n == 2 { home.ev_W = -3600 }
        frame.homes.append(home)
    }
    frame.alarms = [.init("home 2: group 3 shed, water heater", tone: .attention)]
    frame.ticks.rate_Hz = 1000
    frame.ticks.count = 12_340
    frame.ticks.wakeUpP50_us = 4.1
    frame.ticks.wakeUpP99_us = 12.7
    frame.ticks.wakeUpMax_us = 48
    frame.ticks.busy_percent = 6.2
    frame.log = [
        .init(time_s: 10, text: "grid fails: all three phases lost", tone: .attention),
        .init(time_s: 10.06, text: "pcc trips: undervoltage, 0.69 pu for 40 ms", tone: .alarm),
        .init(time_s: 10.12, text: "pcc contactor open"),
        .init(time_s: 10.12, text: "pcc grid-connected → islanded"),
        .init(time_s: 12, text: "home2 sheds group 3, water heater", tone: .attention),
    ]
    frame.hint = "q quit · g grid fails/returns · s sag · c cloud · 1–4 fault a sensor"
    return frame
}

/// A frame of anything: empty, huge, not a number, in other scripts, with controls in it.
func randomFrame(_ random: inout SplitMix) -> LiveFrame {
    let words = [
        "", "islanded", "grid-connected", "синхронизация", "同期中です", "ä\u{0308}ö", "🏠🔋",
        "\u{1B}[31mred", "two\nlines", "tab\there",
        "a very long state that nobody would ever name so",
        "\u{200D}\u{200B}", "●●○●●○●●○●●○", "e\u{0301}e\u{0301}", "‮backwards",
    ]
    func word() -> String { words.randomElement(using: &random)! }
    func number() -> Double {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: .nan
        case 1: .infinity
        case 2: -.infinity
        case 3: 0
        case 4: Double.random(in: -1e12...1e12, using: &random)
        case 5: 1e300
        default: Double.random(in: -9000...9000, using: &random)
        }
    }
    func tone() -> Tone { Tone.allCases.randomElement(using: &random)! }
    func some(_ most: Int) -> Range<Int> { 0..<Int.random(in: 0...most, using: &random) }

    var frame = LiveFrame(title: word() + word())
    frame.time_s = number()
    frame.clockRatio = number()
    frame.grid = .init(
        state: word(), voltage_V: number(), frequency_Hz: number(),
        isHealthy: random.next() % 2 == 0)
    frame.island = .init(state: word(), tone: tone(), inState_s: number(), cause: word())
    frame.bus = .init(
        voltage_V: number(), frequency_Hz: number(),
        frequencyHistory_Hz: some(300).map { _ in number() })
    frame.homes = some(30).map { _ in
        var home = LiveFrame.Home(name: word())
        home.load_W = number()
        home.pv_W = number()
        home.wind_W = random.next() % 2 == 0 ? number() : nil
        home.ev_W = random.next() % 2 == 0 ? number() : nil
        home.battery_W = number()
        home.batteryLimit_W = number()
        home.soc = random.next() % 2 == 0 ? number() : Double.random(in: 0...1, using: &random)
        home.share_percent = number()
        home.contactor = word()
        home.loadGroups = word()
        home.state = word()
        home.tone = tone()
        return home
    }
    if random.next() % 2 == 0 {
        frame.sync = .init(angle_deg: number(), slip_Hz: number(), voltage_percent: number())
    }
    frame.alarms = some(6).map { _ in .init(word(), tone: tone()) }
    frame.ticks.rate_Hz = number()
    frame.ticks.count = random.next()
    frame.ticks.overruns = random.next() % 3
    frame.ticks.wakeUpP50_us = number()
    frame.ticks.wakeUpP99_us = number()
    frame.ticks.wakeUpMax_us = number()
    frame.ticks.busy_percent = number()
    frame.log = some(50).map { _ in .init(time_s: number(), text: word() + word(), tone: tone()) }
    frame.hint = word()
    return frame
}
