import BoardProfile

extension CalibrationStore {
    /// Writes `record` as the newest entry of its channel's history, then as the one in force, and
    /// ends its unfinished walk. Answers it with the number it was given.
    ///
    /// Throws where another process writes, where the record or the history is not in order, and
    /// where the disk fails; then what was in force is in force still, or the new record whole.
    @discardableResult
    public func add(_ record: CalibrationRecord) throws(StoreFault) -> CalibrationRecord {
        try check(record)
        return try locked { () throws(StoreFault) in
            let state = try ready(record.channel)
            return try append(record, after: state.chain.last)
        }
    }

    /// Takes up entry `to` again, as a new entry: its coefficients, uncertainty, points and reference,
    /// with who did so and when. Its age still counts from when it was measured.
    @discardableResult
    public func revert(
        _ channel: Calibrated, to number: Int, person: String, at_s: Double, software: String
    ) throws(StoreFault) -> CalibrationRecord {
        try locked { () throws(StoreFault) in
            let state = try ready(channel)
            guard let old = state.chain.first(where: { $0.record.number == number })?.record else {
                let last = state.chain.count
                throw StoreFault(
                    .refused, history(of: channel), "has no entry \(number)",
                    last == 0 ? "calibrate first" : last == 1 ? "write 1" : "write 1 to \(last)")
            }
            var record = old
            record.measured_s = old.measured_s ?? old.at_s
            (record.person, record.at_s, record.software) = (person, at_s, software)
            let day = UTC.day(old.at_s) ?? ""
            record.note = "takes up entry \(number) of \(day), by \(old.person)"
            try check(record)
            return try append(record, after: state.chain.last)
        }
    }

    /// Finishes what interrupted writes left: removes what is not whole, and puts the newest entry of
    /// each history in force. Answers what was done.
    @discardableResult
    public func heal() throws(StoreFault) -> [Problem] {
        // Nothing to heal, and nothing to lock.
        let channels = present.filter { !load($0).problems.isEmpty }
        if channels.isEmpty { return [] }
        return try locked { () throws(StoreFault) in
            var done: [Problem] = []
            for channel in channels {
                var state = load(channel)
                if state.isSound { done += try mend(channel, &state) }
            }
            return done
        }
    }

    // MARK: Steps

    /// One writer at a time.
    func locked<T>(_ body: () throws(StoreFault) -> T) throws(StoreFault) -> T {
        let lock: Int32
        do {
            try disk.prepare([root, folder])
            lock = try disk.lock("\(folder)/.lock")
        } catch {
            throw StoreFault(error, at: folder)
        }
        defer { disk.unlock(lock) }
        return try body()
    }

    /// The channel's state, mended; throws where its history may not be added to.
    private func ready(_ channel: Calibrated) throws(StoreFault) -> State {
        var state = load(channel)
        guard state.isSound else {
            throw StoreFault(
                kind: .broken, problems: state.problems.filter { $0.severity == .error })
        }
        _ = try mend(channel, &state)
        return state
    }

    private func mend(
        _ channel: Calibrated, _ state: inout State
    ) throws(StoreFault) -> [Problem] {
        let place = history(of: channel)
        do {
            try disk.prepare([root, folder, histories, place])
            try disk.sweep(folder)
            try disk.sweep(place)
            if let torn = state.torn {
                try disk.remove(torn)
                try disk.sync(folder: place)
            }
            if state.isBehind, let newest = state.chain.last {
                // Its name may not have reached the disk when the power failed.
                try disk.sync(folder: place)
                try disk.replace(folder, "\(channel.key).yaml", newest.bytes)
            }
        } catch {
            throw StoreFault(error, at: place)
        }
        let isMended = state.torn != nil || state.isBehind
        (state.torn, state.isBehind) = (nil, false)
        return isMended ? state.problems.filter { $0.severity == .warning } : []
    }

    private func append(
        _ record: CalibrationRecord, after last: RecordFile.Found?
    ) throws(StoreFault) -> CalibrationRecord {
        var record = record
        record.number = (last?.record.number ?? 0) + 1
        let name = "\(record.channel.key).yaml", entry = Self.entry(record.number)
        let place = history(of: record.channel)
        let (bytes, _) = RecordFile.sealed(record, previous: last?.digest)
        try prove(record, bytes, "\(place)/\(entry)")
        do {
            try disk.replace(place, entry, bytes)
            try disk.replace(folder, name, bytes)
        } catch {
            withdraw("\(place)/\(entry)", of: place, unless: bytes, at: "\(folder)/\(name)")
            throw StoreFault(error, at: place)
        }
        // The record is in force; a walk's points that stay behind are known for what they are.
        try? disk.remove("\(unfinished)/\(name)")
        return record
    }

    /// Takes back an entry whose writing failed, unless it is known, or cannot be known not, to be in
    /// force. Where this fails too, the entry is a whole one, and is in force by the next reading.
    private func withdraw(
        _ entry: String, of folder: String, unless bytes: [UInt8], at path: String
    ) {
        do {
            if try disk.read(path, limit: bytes.count) == bytes { return }
            try disk.remove(entry)
            try disk.sync(folder: folder)
        } catch {
            return
        }
    }

    /// What is written must read back as the very same: nothing is put on the disk that would be
    /// refused from it.
    private func prove(
        _ record: CalibrationRecord, _ bytes: [UInt8], _ file: String
    ) throws(StoreFault) {
        switch RecordFile.read(bytes, file, record.channel) {
        case .found(let found) where found.record == record: return
        case .refused(let problems): throw StoreFault(kind: .refused, problems: problems)
        case .found, .torn:
            throw StoreFault(
                .refused, file, "would not read back as it was", "report it as a fault of skerry")
        }
    }

    private func check(_ record: CalibrationRecord) throws(StoreFault) {
        let places = FilePlaces(file: path(record.channel))
        var problems = record.faults(places)
        if record.serial != serial {
            problems.append(
                places.problem(
                    "serial", value: record.serial, "is another board than \(serial)",
                    "add it to the store of its own board"))
        }
        if !problems.isEmpty { throw StoreFault(kind: .refused, problems: problems) }
    }
}
