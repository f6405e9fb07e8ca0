import BoardProfile

extension RecordFile {
    /// A file of the store that was read to its end.
    struct Found: Sendable {
        var file: RecordFile
        var digest: SHA256Digest
        var places: FilePlaces
        var bytes: [UInt8]
        var record: CalibrationRecord { file.record }
    }

    enum Outcome: Sendable {
        /// In order, with what a person should know.
        case found(Found)
        /// Not written to its end.
        case torn
        case refused([Problem])
    }

    /// Reads `bytes` as the file of `channel`; `name` is what people are told.
    static func read(_ bytes: [UInt8], _ name: String, _ channel: Calibrated) -> Outcome {
        let places: FilePlaces, digest: SHA256Digest, reading: Reading<RecordFile>
        switch Sealed.read(bytes, name, section(written(in: bytes) ?? channel)) {
        case .torn: return .torn
        case .refused(let problems): return .refused(problems)
        case .whole(let found): (places, digest, reading) = found
        }
        guard let file = reading.value else { return .refused(reading.problems) }
        var problems = reading.problems
        if file.record.channel != channel {
            problems.append(
                places.problem(
                    "channel", value: file.channel, "is another channel than its file's name says",
                    "move it back, or calibrate \(channel.key)"))
        }
        problems += file.record.faults(places)
        guard problems.isEmpty else { return .refused(problems) }
        return .found(Found(file: file, digest: digest, places: places, bytes: bytes))
    }

    /// The channel the file itself says it is of, which decides the units of its keys.
    private static func written(in bytes: [UInt8]) -> Calibrated? {
        let start = Array("channel: ".utf8)
        let line = bytes.split(separator: 0x0A, maxSplits: 16).first { $0.starts(with: start) }
        guard let line else { return nil }
        return Calibrated(key: String(decoding: line.dropFirst(start.count), as: UTF8.self))
    }
}

/// A file with a digest in its last line, read as a section.
enum Sealed<Root: Sendable> {
    case whole((FilePlaces, SHA256Digest, Reading<Root>))
    case torn
    case refused([Problem])

    static func read(_ bytes: [UInt8], _ name: String, _ section: Section<Root>) -> Sealed<Root> {
        var problems = Problems()
        // Before anything else: a file that is too long is not searched for its digest.
        guard bytes.count <= SourceText.limit_B else {
            _ = SourceText(bytes, file: name, problems: &problems)
            return .refused(problems.list)
        }
        let seal = Seal(bytes)
        if case .torn = seal { return .torn }
        guard let source = SourceText(bytes, file: name, problems: &problems) else {
            return .refused(problems.list + changed(seal, FilePlaces(file: name)))
        }
        let places = FilePlaces(file: name, text: source.text)
        let reading = section.read(text: source.text, file: name)
        guard case .whole(let digest) = seal else {
            return .refused(reading.errors + changed(seal, places))
        }
        return .whole((places, digest, reading))
    }

    private static func changed(_ seal: Seal, _ places: FilePlaces) -> [Problem] {
        guard case .broken(let line) = seal else { return [] }
        var problem = places.problem(
            Seal.key, "was changed after it was written",
            "revert to an entry of the history, or calibrate again")
        if problem.line == 0 { (problem.line, problem.column) = (line, 1) }
        return [problem]
    }
}
