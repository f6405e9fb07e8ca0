import BoardProfile

extension CalibrationRecord {
    /// How far a board's clock may be behind the installer's, seconds.
    public static let clockTolerance_s = 300.0

    /// What speaks against using this record on a board: errors refuse it, warnings do not.
    ///
    /// - Parameters:
    ///   - nominal: what the board file says of the channel now.
    ///   - board: the board file's folder.
    ///   - serial: the board's own serial number.
    ///   - at_s: now, seconds since 1970, UTC.
    ///   - rule: how old a calibration may be, and what happens to an older one.
    ///   - channel: the channel it is to be used for; nil: its own.
    ///   - places: where it was read, for the problems.
    public func check(
        against nominal: Nominal, board: String, serial: String, at_s now: Double,
        rule: CalibrationProfile, channel: Calibrated? = nil, places: FilePlaces? = nil
    ) -> [Problem] {
        let places = places ?? FilePlaces(file: "\(self.channel.key).yaml")
        var found = faults(places)
        if let channel, channel != self.channel {
            found.append(
                places.problem(
                    "channel", value: self.channel.key, "is another channel than \(channel.key)",
                    "calibrate \(channel.key)"))
        }
        found += self.nominal.differences(from: nominal, board: (self.board, board), places)
        if serial != self.serial {
            found.append(
                places.problem(
                    "serial", value: self.serial, "is another board than \(serial)",
                    "calibrate this board; a calibration belongs to the board it was made on"))
        }
        return found + ageProblems(now, rule, places)
    }

    private func ageProblems(
        _ now: Double, _ rule: CalibrationProfile, _ places: FilePlaces
    ) -> [Problem] {
        let made = measured_s ?? at_s
        let key = measured_s == nil ? "time" : "measured"
        let severity: Problem.Severity = rule.expired == .refuse ? .error : .warning
        var found: [Problem] = []
        for (key, time) in [("time", at_s), ("measured", made)]
        where time > now + Self.clockTolerance_s && (key == "time" || measured_s != nil) {
            found.append(
                places.problem(
                    key, value: UTC.text(time),
                    "is in the future: it is \(UTC.text(now) ?? "before 1970") here",
                    "set the board's clock, or calibrate again"))
        }
        let age_days = (now - made) / 86_400
        if age_days > rule.valid_days {
            let days = YAMLLines.number(age_days.rounded(.down))
            found.append(
                places.problem(
                    key, value: UTC.text(made),
                    "is \(days) days ago: it was valid for \(YAMLLines.number(rule.valid_days))",
                    "calibrate again", severity))
        }
        // A certificate holds to the end of its day.
        if let due = UTC.seconds(day: reference.due), made >= due + 86_400 {
            found.append(
                places.problem(
                    "reference.due", value: reference.due,
                    "was over when the meter was used, on \(UTC.day(made) ?? "")",
                    "calibrate with a meter whose certificate is in date", severity))
        }
        return found
    }
}

extension Nominal {
    /// What a board file says otherwise than when these numbers were in force: each makes what was
    /// measured under them useless.
    func differences(
        from new: Nominal, board: (was: String, now: String), _ places: FilePlaces
    ) -> [Problem] {
        var found: [Problem] = []
        if board.was != board.now {
            found.append(
                places.problem(
                    "board", value: board.was, "is another board file than \(board.now)",
                    "calibrate again with \(board.now)"))
        }
        func compare(_ key: String, _ was: String, _ now: String) {
            found.append(
                places.problem(
                    "nominal." + key, value: was, "is \(now) in the board file now",
                    "write \(was) in the board file again, or calibrate again"))
        }
        if from != new.from { compare("from", from, new.from.isEmpty ? "no pin" : new.from) }
        for (key, was, now) in [
            ("gain", gain, new.gain), ("offset", offset, new.offset),
            ("resolution", resolution, new.resolution), ("lowest", lowest, new.lowest),
            ("highest", highest, new.highest),
        ] where !Self.isSame(was, now) {
            compare(key, Self.limit(was), Self.limit(now))
        }
        func constants(_ t: ThermistorConstants?) -> String {
            t.map { "\(YAMLLines.number($0.R25_ohm)) ohm, \(YAMLLines.number($0.beta_K)) K" }
                ?? "none"
        }
        if thermistor != new.thermistor {
            compare("thermistor", constants(thermistor), constants(new.thermistor))
        }
        if isAlternating != new.isAlternating {
            compare("alternating", "\(isAlternating)", "\(new.isAlternating)")
        }
        return found
    }

    /// To a billionth: what is derived from a board file may round in another order.
    private static func isSame(_ a: Double, _ b: Double) -> Bool {
        a == b || (a.isFinite && b.isFinite && abs(a - b) <= 1e-9 * max(abs(a), abs(b)))
    }

    private static func limit(_ number: Double) -> String {
        number.isInfinite ? "without limit" : YAMLLines.number(number)
    }
}
