import HAL

/// Holds what a board file wants against what is there. Pure: who wants identities asked performs
/// `questions`, then `secondQuestions`, and hands the answers to `compare`.
///
/// Two chips of the same kind that were exchanged cannot be told by asking.
public struct Probe: Sendable {
    public let wanted: [Wanted]
    public let findings: Findings

    public init(_ wanted: [Wanted], in findings: Findings) {
        self.wanted = wanted
        self.findings = findings
    }

    /// A chip that is wanted, on a bus that is there.
    struct PlacedChip {
        var name: String
        var question: IdentityQuestion
        var bus: FoundBus
    }

    var chips: [PlacedChip] {
        wanted.compactMap { want in
            guard case .chip(let chip, let address, let selector) = want.part,
                let bus = try? selector.choose(from: findings.buses)
            else { return nil }
            let question = IdentityQuestion(adapter: bus.number, address: address, chip: chip)
            return PlacedChip(name: want.name, question: question, bus: bus)
        }
    }

    /// Each wanted chip is asked at its own address as what it should be, unless its bus may not be
    /// opened or a driver holds it.
    public var questions: [IdentityQuestion] {
        chips.filter { $0.bus.access == .granted && held($0) == nil }.map(\.question)
    }

    /// Chips that answered as something else are asked as each other. Nobody else is: a chip that is
    /// what it should be, or is not known, could take a foreign question for a command.
    public func secondQuestions(after answers: [IdentityAnswer]) -> [IdentityQuestion] {
        let strangers = chips.map(\.question).filter { answers.first($0)?.isOther ?? false }
        let kinds = Set(strangers.map(\.chip)).sorted()
        return strangers.flatMap { stranger in
            kinds.filter { $0 != stranger.chip }.map {
                IdentityQuestion(adapter: stranger.adapter, address: stranger.address, chip: $0)
            }
        }
    }

    /// What is not as it is wanted: faults first, else in the order of what is wanted.
    public func compare(_ answers: [IdentityAnswer] = []) -> [Finding] {
        let found = devices() + identities(answers) + lines() + channels()
        return [Finding.Severity.fault, .warning, .note].flatMap { severity in
            found.filter { $0.severity == severity }
        }
    }

    func held(_ chip: PlacedChip) -> ClaimedAddress? {
        chip.bus.claimed.first { $0.address == chip.question.address && $0.driver != nil }
    }
}

extension Probe {
    /// Devices that are not there, not to be told apart, or not to be opened. Each once, for all who
    /// want it.
    private func devices() -> [Finding] {
        var selectors: [(kind: DeviceKind, selector: DeviceSelector, names: [String])] = []
        for want in wanted {
            let (kind, selector) =
                switch want.part {
                case .bus(let bus), .chip(_, _, let bus): (DeviceKind.i2c, bus)
                case .gpio(let chip), .line(_, let chip): (DeviceKind.gpio, chip)
                case .iio(let device, _, _): (DeviceKind.iio, device)
                }
            if let n = selectors.firstIndex(where: { $0.kind == kind && $0.selector == selector }) {
                selectors[n].names.append(want.name)
            } else {
                selectors.append((kind, selector, [want.name]))
            }
        }
        return selectors.compactMap { kind, selector, names in
            switch kind {
            case .i2c: device(selector, findings.buses, names) { $0.access }
            case .gpio: device(selector, findings.gpio, names) { $0.access }
            // Single readings go through sysfs; only a buffer needs the node.
            case .iio:
                device(selector, findings.iio, names) {
                    $0.access == .missing && !isBuffered(selector) ? .granted : $0.access
                }
            }
        }
    }

    private func device<Device: FoundDevice>(
        _ selector: DeviceSelector, _ devices: [Device], _ names: [String],
        _ access: (Device) -> Access
    ) -> Finding? {
        let kind = Device.kind
        do throws(SelectorMiss) {
            let device = try selector.choose(from: devices)
            let node = kind.node(device.number)
            switch access(device) {
            case .granted: return nil
            case .missing:
                return Finding(
                    .fault, .missingNode, names, "\(device.described) is there, and no \(node)",
                    remedy: Remedy.node(kind))
            case .denied:
                return Finding(
                    .fault, .notPermitted, names, "you may not open \(node)",
                    remedy: Remedy.permission(kind))
            }
        } catch {
            return switch error.kind {
            case .missing:
                Finding(
                    .fault, .missingDevice, names, error.description,
                    remedy: Remedy.missing(kind, of: findings))
            case .ambiguous:
                Finding(
                    .fault, .ambiguousDevice, names, error.description,
                    remedy: "Give parent or index in the board file.")
            }
        }
    }

    private func lines() -> [Finding] {
        wanted.compactMap { want in
            guard case .line(let offset, let selector) = want.part,
                let chip = try? selector.choose(from: findings.gpio), chip.access == .granted
            else { return nil }
            guard let lines = chip.lines else {
                return Finding(
                    .warning, .unseenLine, [want.name],
                    "\(chip.described) did not tell of its lines",
                    remedy: "Try again: it may just have been unplugged.")
            }
            guard let line = lines.first(where: { $0.offset == offset }) else {
                return Finding(
                    .fault, .missingLine, [want.name],
                    "\(chip.described) has no line \(offset), but 0 ... \(lines.count - 1)",
                    remedy: "Correct the line in the board file.")
            }
            guard line.used else { return nil }
            let by = line.consumer.isEmpty ? "somebody" : "“\(line.consumer)”"
            let called = line.name.isEmpty ? "" : " (\(line.name))"
            return Finding(
                .fault, .busyLine, [want.name],
                "line \(offset)\(called) of \(chip.described) is held by \(by)",
                remedy: Remedy.busy(line))
        }
    }
}

extension Probe {
    /// Puts both rounds of questions to `identify`, one after the other.
    ///
    /// - Parameter identify: runs the identity test of `question.chip` at its address.
    public func ask(
        _ identify: (IdentityQuestion) throws(BoardFault) -> Identity
    ) -> [IdentityAnswer] {
        func answer(_ question: IdentityQuestion) -> IdentityAnswer {
            do throws(BoardFault) {
                return IdentityAnswer(question, .identity(try identify(question)))
            } catch { return IdentityAnswer(question, .fault(error)) }
        }
        let first = questions.map(answer)
        return first + secondQuestions(after: first).map(answer)
    }
}

extension [IdentityAnswer] {
    func first(_ question: IdentityQuestion) -> IdentityAnswer? {
        first { $0.question == question }
    }
}

extension IdentityAnswer {
    var isOther: Bool {
        if case .identity(.other) = said { true } else { false }
    }
}
