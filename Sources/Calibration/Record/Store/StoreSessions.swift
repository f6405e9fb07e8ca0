import BoardProfile

extension CalibrationStore {
    /// Where the points of an unfinished walk lie.
    public func unfinishedPath(_ channel: Calibrated) -> String {
        "\(unfinished)/\(channel.key).yaml"
    }

    /// Writes the points of a walk so far, in place of what was written of it before.
    public func save(_ session: UnfinishedCalibration) throws(StoreFault) {
        let file = unfinishedPath(session.channel)
        let bytes = SessionFile.sealed(session)
        let reading = SessionFile.read(bytes, file, session.channel)
        guard let value = reading.value else {
            throw StoreFault(kind: .refused, problems: reading.problems)
        }
        guard value == session, session.serial == serial else {
            throw StoreFault(
                .refused, file,
                session.serial == serial
                    ? "would not read back as it was" : "is of another board than \(serial)",
                "calibrate this board, with numbers that are finite")
        }
        try locked { () throws(StoreFault) in
            do throws(DiskFault) {
                try disk.prepare([root, folder, unfinished])
                try disk.sweep(unfinished)
                try disk.replace(unfinished, "\(session.channel.key).yaml", bytes)
            } catch {
                throw StoreFault(error, at: file)
            }
        }
    }

    /// The walk of a channel that was not finished. Neither a value nor a problem: there is none.
    ///
    /// One whose points the calibration in force has was finished; it is passed over.
    public func unfinished(_ channel: Calibrated) -> StoreReading<UnfinishedCalibration> {
        let file = unfinishedPath(channel), places = FilePlaces(file: file)
        let bytes: [UInt8]?
        do {
            bytes = try disk.read(file, limit: SourceText.limit_B)
        } catch {
            let fault = StoreFault(error, at: file)
            return StoreReading(value: nil, problems: fault.problems, places: places)
        }
        guard let bytes else { return StoreReading(value: nil, problems: [], places: places) }
        var reading = SessionFile.read(bytes, file, channel)
        guard let session = reading.value else { return reading }
        if session.serial != serial {
            reading.problems += session.check(
                against: session.nominal, board: session.board, serial: serial,
                places: reading.places)
            reading.value = nil
        } else if !session.points.isEmpty, let record = current(channel).value,
            record.measured_s == nil, record.points == session.points
        {
            reading.value = nil
        }
        return reading
    }

    /// Removes the points of an unfinished walk; it is no fault where there are none.
    public func discard(_ channel: Calibrated) throws(StoreFault) {
        let file = unfinishedPath(channel)
        do {
            guard try disk.names(in: unfinished).contains("\(channel.key).yaml") else { return }
        } catch {
            throw StoreFault(error, at: file)
        }
        try locked { () throws(StoreFault) in
            do throws(DiskFault) {
                try disk.remove(file)
                try disk.sync(folder: unfinished)
            } catch {
                throw StoreFault(error, at: file)
            }
        }
    }
}
