import BoardProfile

extension CalibrationStore {
    /// What stands on the disk of one channel.
    struct State {
        /// Whole entries, oldest first, as far as the chain holds.
        var chain: [RecordFile.Found] = []
        var inForce: RecordFile.Found?
        var problems: [Problem] = []
        /// The history may be added to.
        var isSound = true
        /// What an interrupted write left: the newest entry, not written to its end.
        var torn: String?
        /// The file in force must be written anew from the newest entry.
        var isBehind = false

        mutating func refuse(_ problems: [Problem]) {
            self.problems += problems
            isSound = false
        }
    }

    /// Reads the file in force and the history, of which it must be the newest entry.
    func load(_ channel: Calibrated) -> State {
        var state = State()
        // A writer may be between its two steps right now; one that was interrupted stays there.
        for _ in 0..<3 {
            state = loadOnce(channel)
            if !state.isBehind { break }
        }
        return state
    }

    private func loadOnce(_ channel: Calibrated) -> State {
        var state = State()
        do {
            // The file in force first: it is written last, so the history cannot be behind it.
            let bytes = try disk.read(path(channel), limit: SourceText.limit_B)
            try readChain(channel, &state)
            readCurrent(bytes, channel, &state)
        } catch {
            state.refuse(StoreFault(error, at: path(channel)).problems)
        }
        if state.problems.contains(where: { $0.severity == .error }) { state.inForce = nil }
        return state
    }

    private func readChain(_ channel: Calibrated, _ state: inout State) throws(DiskFault) {
        let folder = history(of: channel)
        let names = try disk.names(in: folder).filter { !$0.hasPrefix(".") }.sorted()
        for name in names where Self.number(name) == nil {
            state.problems.append(
                FilePlaces(file: "\(folder)/\(name)").problem(
                    "", "is no entry of the history", "remove it", .warning))
        }
        let numbers = names.compactMap(Self.number).sorted()
        guard let newest = numbers.last else { return }
        let known = Set(numbers)
        for number in 1...newest {
            let file = "\(folder)/\(Self.entry(number))"
            guard known.contains(number), let bytes = try disk.read(file, limit: SourceText.limit_B)
            else {
                state.refuse([lost(file, channel)])
                return
            }
            switch RecordFile.read(bytes, file, channel) {
            case .torn where number == newest: state.torn = file
            case .torn:
                state.refuse([cut(file, channel)])
                return
            case .refused(let problems):
                state.refuse(problems.map { self.told($0, of: channel) })
                return
            case .found(let found):
                let faults = link(found, number, after: state.chain.last, channel)
                guard faults.isEmpty else {
                    state.refuse(faults)
                    return
                }
                state.chain.append(found)
            }
        }
        state.inForce = state.chain.last
    }

    /// Is this the entry that follows `last`, of this board?
    private func link(
        _ found: RecordFile.Found, _ number: Int, after last: RecordFile.Found?,
        _ channel: Calibrated
    ) -> [Problem] {
        var faults: [Problem] = []
        if found.record.number != number {
            faults.append(
                found.places.problem(
                    "number", value: "\(found.record.number)", "is not the number of its file",
                    wayOut(channel)))
        }
        let before = last?.digest.text ?? ""
        if found.file.previous != before {
            faults.append(
                found.places.problem(
                    "previous", value: found.file.previous.isEmpty ? nil : found.file.previous,
                    last.map { "breaks the chain: \($0.places.file) has \(before)" }
                        ?? "breaks the chain: nothing is before the first entry",
                    wayOut(channel)))
        }
        return faults + stranger(found)
    }

    /// A file of another board.
    private func stranger(_ found: RecordFile.Found) -> [Problem] {
        if found.record.serial == serial { return [] }
        return [
            found.places.problem(
                "serial", value: found.record.serial, "is another board than \(serial)",
                "calibrate this board; a calibration belongs to the board it was made on")
        ]
    }

    private func readCurrent(
        _ bytes: [UInt8]?, _ channel: Calibrated, _ state: inout State
    ) {
        let file = path(channel)
        if let torn = state.torn { weigh(torn, bytes, channel, &state) }
        guard state.isSound else { return }
        guard let newest = state.chain.last else {
            if bytes != nil {
                // Written after its entry: it cannot be the first to be there.
                state.refuse([lost("\(history(of: channel))/\(Self.entry(1))", channel)])
            }
            return
        }
        if bytes == newest.bytes { return }
        let number = newest.record.number
        let isInterrupted: Bool
        switch bytes.map({ RecordFile.read($0, file, channel) }) {
        case nil, .torn: isInterrupted = true
        case .refused(let problems):
            // An entry can be taken up again; the history itself is in order.
            state.problems += problems
            return
        case .found(let found):
            if found.record.number > number {
                state.refuse([
                    lost("\(history(of: channel))/\(Self.entry(found.record.number))", channel)
                ])
                return
            }
            isInterrupted = found.bytes == state.chain.dropLast().last?.bytes
            if !isInterrupted {
                state.problems.append(
                    found.places.problem(
                        "number", value: "\(found.record.number)",
                        "is not the newest entry of the history, which is \(number)",
                        "revert to the entry that is meant, or calibrate again"))
                return
            }
        }
        state.isBehind = isInterrupted
        state.problems.append(
            FilePlaces(file: file).problem(
                "", "was not replaced when entry \(number) was written: a write was interrupted",
                "nothing need be done: entry \(number) is in force", .warning))
    }

    /// The newest entry is not whole. Where the file in force is of it, the entry was whole once.
    private func weigh(
        _ torn: String, _ bytes: [UInt8]?, _ channel: Calibrated, _ state: inout State
    ) {
        if let bytes, case .found(let found) = RecordFile.read(bytes, path(channel), channel),
            found.record.number > state.chain.count
        {
            var problem = cut(torn, channel)
            problem.remedy = "copy \(path(channel)) over it"
            state.refuse([problem])
            return
        }
        let remedy =
            state.chain.isEmpty
            ? "calibrate again" : "nothing need be done: entry \(state.chain.count) is in force"
        state.problems.append(
            FilePlaces(file: torn).problem(
                "", "was not written to its end: a write was interrupted", remedy, .warning))
    }

    // MARK: Words

    private func lost(_ file: String, _ channel: Calibrated) -> Problem {
        FilePlaces(file: file).problem("", "is missing from the history", wayOut(channel))
    }
    private func cut(_ file: String, _ channel: Calibrated) -> Problem {
        FilePlaces(file: file).problem("", "is cut off: it has no digest", wayOut(channel))
    }
    private func wayOut(_ channel: Calibrated) -> String {
        "restore it from a copy; or move \(history(of: channel)) and \(path(channel)) away and "
            + "calibrate again"
    }
    /// What is wrong with an entry: it cannot be reverted to.
    private func told(_ problem: Problem, of channel: Calibrated) -> Problem {
        var problem = problem
        if problem.key == Seal.key { problem.remedy = wayOut(channel) }
        return problem
    }
}
