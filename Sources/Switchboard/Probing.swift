import BoardProfile
import HAL
import LinuxBoard

extension Switchboard {
    /// What the board file wants to be there.
    func wanted() -> [Wanted] {
        var wanted = hardware.buses.map { Wanted($0.name, .bus($0.selector)) }
        for chip in hardware.chips {
            guard let bus = hardware.buses.first(where: { $0.name == chip.bus }) else { continue }
            let part = Wanted.Part.chip(
                chip.chip, address: UInt8(chip.address), bus: bus.selector)
            wanted.append(Wanted(chip.name, part))
        }
        for gpio in hardware.gpio {
            wanted.append(Wanted(gpio.name, .gpio(gpio.selector)))
            for line in hardware.lines where line.on == gpio.name {
                let name = line.output ?? line.contact ?? ""
                wanted.append(Wanted(name, .line(line.line, chip: gpio.selector)))
            }
        }
        return wanted
    }

    /// Holds the board file against what is there, and asks its chips who they are. Changes nothing.
    ///
    /// - Parameter port: how adapter `n` is opened.
    public func probe(
        _ findings: Findings, port: (Int) throws(BoardFault) -> any I2CPort
    ) -> [Finding] {
        let probe = Probe(wanted() + wantedConverters(findings), in: findings)
        var answers = probe.questions.map { ask($0, port) }
        answers += probe.secondQuestions(after: answers).map { ask($0, port) }
        return probe.compare(answers) + misnamed(findings) + probeServed()
    }

    private func ask(
        _ question: IdentityQuestion, _ port: (Int) throws(BoardFault) -> any I2CPort
    ) -> IdentityAnswer {
        let chip = buses.lazy.flatMap(\.plan.parts).map(\.chip).first {
            type(of: $0).name == question.chip && $0.address == question.address
        }
        // As something else than the file says: with the standard of every option it has one for.
        let other = try? Catalogue.make(
            question.chip, at: question.address, ["shunt_ohm": 0.01])
        guard
            let asked = chip ?? other ?? (try? Catalogue.make(question.chip, at: question.address))
        else { return IdentityAnswer(question, .identity(.unverifiable)) }
        do throws(BoardFault) {
            let identity = try asked.identify(on: try port(question.adapter))
            return IdentityAnswer(question, .identity(identity))
        } catch {
            return IdentityAnswer(question, .fault(error))
        }
    }
}
