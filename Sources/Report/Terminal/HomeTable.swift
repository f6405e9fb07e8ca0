/// The homes as a table that keeps its most telling columns when there is little room and gives
/// its bars whatever is left over.
struct HomeTable {
    var homes: [LiveFrame.Home]
    var columns: Int
    var colour: Bool

    private struct Column {
        var kind: Kind
        var head: String
        var width: Int
        /// The most it may grow to.
        var most: Int
        var right = false
    }

    private enum Kind {
        case name, load, pv, wind, ev, battery, batteryBar, socBar, soc, share, groups, contactor
        case state
    }

    /// The head and one line for each home.
    func lines() -> [Styled] {
        let chosen = layout()
        let hasBar = chosen.contains { $0.kind == .socBar }
        let head = chosen.map { column in
            let words =
                switch column.kind {
                case .batteryBar: Self.ends(column.width)
                case .soc: hasBar ? "" : column.head
                default: column.head
                }
            return Styled(words, .faint).fitted(to: column.width, right: column.right)
        }
        return [joined(head)]
            + homes.map { home in
                joined(
                    chosen.map { column in
                        cell(home, column).fitted(to: column.width, right: column.right)
                    })
            }
    }

    /// What the two halves of the battery bar stand for.
    private static func ends(_ width: Int) -> String {
        let half = (width - 1) / 2
        return half >= 8
            ? Width.padded("charging", to: half, right: true) + "│giving"
            : Width.padded("−", to: half, right: true) + "│+"
    }

    /// In order of worth a column is taken when it still fits; then drawn in order of reading.
    private func layout() -> [Column] {
        let names = homes.map { Width.of($0.name) }.max() ?? 4
        let states = homes.map { Width.of($0.state) + 2 }.max() ?? 5
        let groups = homes.map { Width.of($0.loadGroups) }.max() ?? 0
        let contactors = homes.map { Width.of($0.contactor) }.max() ?? 0
        let name = min(max(names, 4), columns < 72 ? 8 : 14)
        let all: [(worth: Int, column: Column)] = [
            (0, Column(kind: .name, head: "HOME", width: name, most: name)),
            (5, Column(kind: .load, head: "LOAD", width: 6, most: 8, right: true)),
            (6, Column(kind: .pv, head: "SOLAR", width: 6, most: 8, right: true)),
            (11, Column(kind: .wind, head: "WIND", width: 6, most: 8, right: true)),
            (10, Column(kind: .ev, head: "EV", width: 6, most: 8, right: true)),
            (1, Column(kind: .battery, head: "BATT", width: 6, most: 8, right: true)),
            (3, Column(kind: .batteryBar, head: "", width: 9, most: 41)),
            (9, Column(kind: .socBar, head: "SOC", width: 4, most: 20)),
            (2, Column(kind: .soc, head: "SOC", width: 4, most: 4, right: true)),
            (8, Column(kind: .share, head: "RATE", width: 4, most: 4, right: true)),
            (7, Column(kind: .groups, head: "FED", width: min(max(groups, 3), 8), most: 8)),
            (
                12,
                Column(kind: .contactor, head: "SWITCH", width: min(max(contactors, 6), 9), most: 9)
            ),
            (4, Column(kind: .state, head: "STATE", width: min(max(states, 7), 13), most: 26)),
        ]
        let useful = all.filter { _, column in
            switch column.kind {
            case .wind: homes.contains { $0.wind_W != nil }
            case .ev: homes.contains { $0.ev_W != nil }
            case .groups: groups > 0
            case .contactor: contactors > 0
            default: true
            }
        }
        var taken: Set<Int> = []
        var used = -1
        for entry in useful.sorted(by: { $0.worth < $1.worth })
        where used + 1 + entry.column.width <= columns {
            taken.insert(entry.worth)
            used += 1 + entry.column.width
        }
        var chosen = useful.filter { taken.contains($0.worth) }.map(\.column)
        grow(&chosen, by: columns - used)
        return chosen
    }

    /// Room to spare goes to the state until its words fit, then to the bars two to one.
    private func grow(_ chosen: inout [Column], by spare: Int) {
        var spare = spare
        let states = homes.map { Width.of($0.state) + 2 }.max() ?? 0
        let turns: [Kind] = [.batteryBar, .batteryBar, .socBar]
        if let state = chosen.firstIndex(where: { $0.kind == .state }) {
            let wanted = min(max(0, states - chosen[state].width), spare)
            chosen[state].width += wanted
            spare -= wanted
        }
        var turn = 0, idle = 0
        while spare > 0, idle < turns.count {
            let kind = turns[turn % turns.count]
            turn += 1
            idle += 1
            guard let n = chosen.firstIndex(where: { $0.kind == kind }),
                chosen[n].width < chosen[n].most
            else { continue }
            chosen[n].width += 1
            spare -= 1
            idle = 0
        }
        let numbers: [Kind] = [.load, .pv, .wind, .ev, .battery]
        for n in chosen.indices where numbers.contains(chosen[n].kind) && spare >= 2 {
            chosen[n].width += 2
            spare -= 2
        }
    }

    private func joined(_ cells: [Styled]) -> Styled {
        var line = Styled()
        for (n, cell) in cells.enumerated() { line += n == 0 ? cell : Styled(" ") + cell }
        return line
    }

    private func cell(_ home: LiveFrame.Home, _ column: Column) -> Styled {
        switch column.kind {
        case .name: return Styled(home.name, .strong)
        case .load: return kilowatts(home.load_W)
        case .pv: return kilowatts(home.pv_W)
        case .wind: return home.wind_W.map(kilowatts) ?? Styled("")
        case .ev: return home.ev_W.map(kilowatts) ?? Styled("")
        case .battery: return kilowatts(home.battery_W, look(home))
        case .batteryBar:
            let limit = home.batteryLimit_W
            return Bars.signed(
                limit > 0 ? home.battery_W / limit : 0, columns: column.width, look: look(home),
                colour: colour)
        case .socBar:
            let look: Styled.Look =
                home.soc < 0.1 ? .alarm : home.soc < 0.2 ? .attention : .good
            return Bars.level(home.soc, columns: column.width, look: look)
        case .soc: return Styled(percent(home.soc * 100))
        case .share:
            return Styled(percent(home.share_percent), home.share_percent > 100 ? .alarm : .plain)
        case .groups: return Styled(home.loadGroups)
        case .contactor: return Styled(home.contactor)
        case .state: return Styled(TerminalView.mark(home.tone) + " " + home.state, .of(home.tone))
        }
    }

    /// Near the limit the bar warns; beyond it, it alarms.
    private func look(_ home: LiveFrame.Home) -> Styled.Look {
        let share = home.batteryLimit_W > 0 ? (home.battery_W / home.batteryLimit_W).magnitude : 0
        if share > 1.02 { return .alarm }
        if share > 0.95 { return .attention }
        return home.battery_W < 0 ? .good : .accent
    }

    private func kilowatts(_ power_W: Double) -> Styled { kilowatts(power_W, .plain) }

    private func kilowatts(_ power_W: Double, _ look: Styled.Look) -> Styled {
        Styled(NumberText.fixed(power_W / 1000, power_W.magnitude < 99_995 ? 2 : 0), look)
    }

    private func percent(_ value: Double) -> String {
        value.isFinite ? NumberText.fixed(min(max(value, -99), 999), 0) + "%" : "–"
    }
}
