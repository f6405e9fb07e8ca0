/// A machine's table as data, in the manner of a relay's logic sheet.
///
/// A row names a state, the inputs that matter, and what comes next. An input that a row does not
/// name does not matter to it. The first row that fits counts. `check` walks through every
/// combination of every input in every state, so a table that passes says all there is to say.
struct DecisionTable {
    struct Input {
        let name: String
        let values: [String]
        /// Yes or no: written as `name` or `!name` in a row.
        static func flag(_ name: String) -> Input { Input(name: name, values: ["no", "yes"]) }
        /// One of several: written as `name=a` or `name=a|b` in a row.
        static func of(_ name: String, _ values: String...) -> Input {
            Input(name: name, values: values)
        }
    }
    struct Row {
        let state: String
        let when: String
        let next: String
        init(_ state: String, _ when: String, _ next: String) {
            self.state = state
            self.when = when
            self.next = next
        }
    }
    /// One value of every input, by name.
    struct Combination {
        let inputs: [Input]
        var chosen: [Int]
        subscript(_ name: String) -> String {
            let k = inputs.firstIndex { $0.name == name }!
            return inputs[k].values[chosen[k]]
        }
        func isSet(_ name: String) -> Bool { self[name] == "yes" }
        var words: String {
            zip(inputs, chosen).map { "\($0.name)=\($0.values[$1])" }.joined(separator: " ")
        }
    }

    let inputs: [Input]
    let rows: [Row]

    /// For each input the values a row allows, as bits.
    private func masks(_ row: Row) -> [UInt32] {
        var masks = inputs.map { UInt32(1) << UInt32($0.values.count) - 1 }
        for word in row.when.split(separator: " ") {
            let parts = word.split(separator: "=")
            var name = String(parts[0]), values = ["yes"]
            if parts.count == 2 {
                values = parts[1].split(separator: "|").map(String.init)
            } else if name.hasPrefix("!") {
                name.removeFirst()
                values = ["no"]
            }
            guard let k = inputs.firstIndex(where: { $0.name == name }) else {
                preconditionFailure("no input \(name)")
            }
            masks[k] = values.reduce(0) { mask, value in
                guard let v = inputs[k].values.firstIndex(of: value) else {
                    preconditionFailure("\(name) is never \(value)")
                }
                return mask | 1 << UInt32(v)
            }
        }
        return masks
    }

    /// Holds `step` (state and inputs to the next state's words) to the table. Answers the first
    /// combination of each row that differs, combinations no row fits, and rows that are never
    /// reached; and how many combinations were walked through.
    func check(
        states: [String], _ step: (String, Combination) -> String
    ) -> (complaints: [String], walked: Int) {
        var complaints: [String] = []
        var walked = 0
        let masks = rows.map(masks)
        var reached = rows.map { _ in false }
        var blamed = reached
        for state in states {
            let mine = rows.indices.filter { rows[$0].state == state }
            var c = Combination(inputs: inputs, chosen: inputs.map { _ in 0 })
            while true {
                walked += 1
                let fitting = mine.first { r in
                    c.chosen.indices.allSatisfy { masks[r][$0] & 1 << UInt32(c.chosen[$0]) != 0 }
                }
                if let r = fitting {
                    reached[r] = true
                    let next = step(state, c)
                    if next != rows[r].next && !blamed[r] {
                        blamed[r] = true
                        complaints.append(
                            "\(state) | \(rows[r].when) | expected \(rows[r].next), came "
                                + "\(next) with \(c.words)")
                    }
                } else {
                    complaints.append("no row for \(state) with \(c.words)")
                    break
                }
                var k = 0
                while k < c.chosen.count {
                    c.chosen[k] += 1
                    if c.chosen[k] < inputs[k].values.count { break }
                    c.chosen[k] = 0
                    k += 1
                }
                if k == c.chosen.count { break }
            }
        }
        for r in rows.indices where !reached[r] {
            complaints.append("row never reached: \(rows[r].state) | \(rows[r].when)")
        }
        return (complaints, walked)
    }
}
