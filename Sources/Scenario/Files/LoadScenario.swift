import BoardProfile

extension ScenarioFile {
    /// Reads the scenario at `path`, the board it names, and its recorded quarter hours.
    public static func load(_ path: String) -> Reading<ScenarioFile> {
        let (folder, file) = BoardFolder.holding(path, "scenario.yaml")
        return read(file, in: folder)
    }

    /// The same for a file inside `folder`.
    public static func read(_ path: String, in folder: BoardFolder) -> Reading<ScenarioFile> {
        let reading = section.read(path, in: folder)
        guard var file = reading.value else { return reading }
        if let board = folder.path(reading, "board", from: path) {
            file.profile?.name = SiteProfile.name(of: board)
        }
        var problems = Problems()
        file.readSeries(reading, folder, &problems)
        return Reading(
            value: problems.errors == 0 ? file : nil, problems: reading.problems + problems.list,
            settings: reading.settings, names: reading.names)
    }

    private mutating func readSeries(
        _ reading: Reading<ScenarioFile>, _ folder: BoardFolder, _ problems: inout Problems
    ) {
        guard let recorded, let profile,
            let source = folder.text(recorded.file, problems: &problems),
            let table = QuarterHourTable(source, problems: &problems)
        else { return }
        for (n, home) in recorded.homes.enumerated() {
            guard let index = profile.homes.firstIndex(where: { $0.name == home.home }) else {
                continue
            }
            let at = "recorded.homes[\(n)]"
            var found = RecordedHome(home: index)
            if let column = home.loadColumn {
                let day = home.loadDay ?? recorded.day ?? table.days[0]
                let dayKey = home.loadDay == nil ? "recorded.day" : "\(at).load_day"
                found.load_W = table.series(
                    column, "\(at).load_column", day, dayKey, home.loadScale, reading, &problems)
            }
            if let column = home.pvColumn {
                found.pv_W = table.series(
                    column, "\(at).pv_column", recorded.day ?? table.days[0], "recorded.day",
                    home.pvScale, reading, &problems)
            }
            series.append(found)
        }
    }
}

extension QuarterHourTable {
    /// A day of a column times `scale`; nil, blaming the key, where the table has it not.
    fileprivate func series(
        _ column: String, _ columnKey: String, _ day: String, _ dayKey: String, _ scale: Double,
        _ reading: Reading<ScenarioFile>, _ problems: inout Problems
    ) -> QuarterHours? {
        func refuse(_ key: String, _ value: String, _ what: String, _ known: [String]) {
            var problem = Problem(
                file: "", line: 0, column: 0, key: key, value: value,
                message: "is not a \(what) of the table",
                remedy: "write one of \(known.joined(separator: ", "))")
            if let setting = reading.settings.first(where: { $0.key == key }),
                case .file(let file, let line) = setting.origin
            {
                (problem.file, problem.line, problem.column) = (file, line, 1)
            }
            problems.add(problem)
        }
        guard columns.contains(column) else {
            refuse(columnKey, column, "column", columns)
            return nil
        }
        guard let means = self.day(day, of: column) else {
            refuse(dayKey, day, "day", days)
            return nil
        }
        return QuarterHours(means.map { $0 * scale })
    }
}

extension BoardFolder {
    /// The path inside the folder that the setting `key` of a reading of `file` names.
    fileprivate func path(
        _ reading: Reading<ScenarioFile>, _ key: String, from file: String
    ) -> String? {
        reading.settings.first { $0.key == key }.flatMap {
            BoardFolder.resolve($0.value, from: file)
        }
    }
}
