import Glibc
import HAL

extension Probe {
    /// Chips that are silent, something else, or at each other's address.
    func identities(_ answers: [IdentityAnswer]) -> [Finding] {
        let confirmed = Set(
            answers.filter { $0.said == .identity(.confirmed) }.map(\.question))
        var swapped: Set<Int> = []
        let chips = chips
        return chips.enumerated().compactMap { n, chip in
            if chip.bus.access != .granted || swapped.contains(n) { return nil }
            let place = "\(shortHex(chip.question.address)) of \(chip.bus.described)"
            if let claim = held(chip) {
                return Finding(
                    .fault, .heldByDriver, [chip.name],
                    "\(place) is held by the kernel's driver \(claim.driver ?? "") "
                        + "as \(claim.name)",
                    remedy: Remedy.held(claim, on: chip.bus))
            }
            guard let answer = answers.first(chip.question) else {
                return Finding(.note, .notAsked, [chip.name], "nobody asked who is at \(place)")
            }
            switch answer.said {
            case .identity(.confirmed): return nil
            case .identity(.unverifiable):
                return Finding(
                    .note, .unverified, [chip.name],
                    "\(place) answers; \(chip.question.chip) has no register that says what it is")
            case .identity(.other(let words)):
                let partner = chips.indices.first { m in
                    m > n && !swapped.contains(m) && exchanged(chip, chips[m], confirmed, answers)
                }
                if let partner {
                    swapped.insert(partner)
                    return exchange(chip, chips[partner])
                }
                return stranger(chip, words, confirmed, place)
            case .fault(let fault): return silent(chip, fault, place)
            }
        }
    }

    /// Each is what the other should be, and not what it should be.
    private func exchanged(
        _ a: PlacedChip, _ b: PlacedChip, _ confirmed: Set<IdentityQuestion>,
        _ answers: [IdentityAnswer]
    ) -> Bool {
        guard a.question.chip != b.question.chip, answers.first(b.question)?.isOther ?? false
        else { return false }
        var bAtA = a.question
        var aAtB = b.question
        bAtA.chip = b.question.chip
        aAtB.chip = a.question.chip
        return confirmed.contains(bAtA) && confirmed.contains(aAtB)
    }

    private func exchange(_ a: PlacedChip, _ b: PlacedChip) -> Finding {
        let (p, q) = (a.question, b.question)
        let apart = p.adapter != q.adapter
        let atA = shortHex(p.address) + (apart ? " of i2c-\(p.adapter)" : "")
        let atB = shortHex(q.address) + (apart ? " of i2c-\(q.adapter)" : "")
        return Finding(
            .fault, .swappedChips, [a.name, b.name],
            "two chips are exchanged: \(atA) is \(q.chip) and should be \(p.chip), "
                + "\(atB) is \(p.chip) and should be \(q.chip)",
            remedy: apart
                ? "Exchange the cables of the two buses, or the buses in the board file."
                : "Exchange their address straps, or the addresses in the board file.")
    }

    private func stranger(
        _ chip: PlacedChip, _ words: String, _ confirmed: Set<IdentityQuestion>, _ place: String
    ) -> Finding {
        let known = confirmed.filter {
            $0.adapter == chip.question.adapter && $0.address == chip.question.address
        }.map(\.chip).sorted()
        let what = known.first.map { "it is \($0)" } ?? words
        return Finding(
            .fault, .wrongChip, [chip.name],
            "\(place) is not \(chip.question.chip): \(what)",
            remedy: "Correct chip or address in the board file, or change the chip.")
    }

    private func silent(_ chip: PlacedChip, _ fault: BoardFault, _ place: String) -> Finding {
        let asked = chip.question
        if fault.code == EBUSY {
            return Finding(
                .fault, .heldByDriver, [chip.name], "\(place) is held by a kernel driver",
                remedy: "ls /sys/bus/i2c/devices/ says by which; take it from there with unbind.")
        }
        let code = fault.code == 0 ? "" : " (errno \(fault.code))"
        return switch fault.kind {
        case .notPermitted:
            Finding(
                .fault, .notPermitted, [chip.name], "you may not speak to \(place)",
                remedy: Remedy.permission(.i2c))
        case .notPresent:
            Finding(
                .fault, .missingChip, [chip.name], "nobody answers at \(place)\(code)",
                remedy: Remedy.silent(asked.chip, asked.address))
        // Bridges report silence so too: the CP2112's driver says ETIMEDOUT or EIO.
        case .timeout, .bus:
            Finding(
                .fault, .missingChip, [chip.name], "no sound answer at \(place)\(code)",
                remedy: Remedy.silent(asked.chip, asked.address)
                    + " Where all chips of the bus fail so, it hangs: look for a line held low "
                    + "and for missing pull-up resistors.")
        }
    }
}
