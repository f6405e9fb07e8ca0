import Control
import Loop
import Quantities
import Wire

extension Exchange {
    /// Does what a request asks for, and answers.
    func serve(
        _ kind: LinkKind, _ sequence: UInt32, _ body: UnsafeRawBufferPointer, _ caller: Caller,
        _ time: Int64
    ) {
        var bytes = ByteReader(body)
        switch kind {
        case .subscribe:
            guard let subscription = Subscription.read(&bytes) else {
                return misread("subscribe", caller, time)
            }
            answer(subscribe(caller, to: subscription, sequence), caller, time)
        case .setpoints:
            guard let request = WishRequest.read(&bytes) else {
                return misread("setpoints", caller, time)
            }
            answer(consider(request, of: caller, sequence), caller, time)
        case .statusRequest:
            let status = Status(to: sequence, text: Status.fitting(self.status()))
            send(.status, to: caller, time) { status.write(into: &$0) }
        case .goodbye:
            caller.leave()
        case .hello, .record, .lost, .answer, .status:
            // The cutter lets none of them through.
            break
        }
    }

    private func misread(_ kind: String, _ caller: Caller, _ time: Int64) {
        refuse(caller, "\(kind): a flag or code in it means nothing here", time)
    }

    private func answer(_ answer: Answer, _ caller: Caller, _ time: Int64) {
        if answer.code != .accepted { counts.refusedRequests += 1 }
        send(.answer, to: caller, time) { answer.write(into: &$0) }
    }

    private func subscribe(
        _ caller: Caller, to subscription: Subscription, _ sequence: UInt32
    ) -> Answer {
        guard Subscription.rates.contains(subscription.every) else {
            return Answer(
                to: sequence, code: .outsideLimit, field: .every,
                value: Float(subscription.every), limit: Float(Subscription.rates.upperBound),
                text: "every \(subscription.every) turns: must be 1 ... 100000")
        }
        caller.subscription = subscription
        return Answer(to: sequence, text: "subscribed")
    }

    /// Judges a wish, and passes it to the loop where it may.
    private func consider(
        _ request: WishRequest, of caller: Caller, _ sequence: UInt32
    ) -> Answer {
        // As the lists are now: a right that was taken away ends with the next wish.
        guard news.access.role(of: caller.peer, own: own) == .command else {
            return Answer(
                to: sequence, code: .noRight,
                text: "user \(caller.peer.uid) may watch and not command here; the daemon's "
                    + "configuration names who may")
        }
        guard request.digest == FieldDigest.ofThisProgram else {
            return Answer(
                to: sequence, code: .otherLayout,
                text:
                    "the setpoints are laid out as another release of the program has them; install "
                    + "both from one release")
        }
        guard let newest else {
            return Answer(
                to: sequence, code: .notRunning, text: "the loop has not begun to turn; try again")
        }
        if let refusal = Self.outside(request, options.limits, options.rate, sequence) {
            return refusal
        }
        var wish = request.wish
        let ticks = Self.ticks(request.validity_ms, options.rate)
        wish.expires = newest + UInt32(truncatingIfNeeded: ticks)
        wishes.put(wish)
        counts.acceptedWishes += 1
        news.accepted(AcceptedWish(peer: caller.peer, at: newest, wish: wish))
        return Answer(
            to: sequence, expires: wish.expires,
            text: "accepted; holds for \(request.validity_ms) ms, to tick \(wish.expires.count)")
    }

    /// Whole ticks, never fewer than asked for.
    private static func ticks(_ validity_ms: UInt32, _ rate: TickRate) -> UInt64 {
        UInt64((Double(validity_ms) * Double(rate.perSecond) / 1000).rounded(.up))
    }

    /// The first field that is outside its limit, in words.
    private static func outside(
        _ request: WishRequest, _ limits: SetpointLimits, _ rate: TickRate, _ sequence: UInt32
    ) -> Answer? {
        let longest_ms = Float(Double(limits.horizon) * 1000 / Double(rate.perSecond))
        let ticks = ticks(request.validity_ms, rate)
        if ticks == 0 || ticks > UInt64(limits.horizon) {
            return Answer(
                to: sequence, code: .outsideLimit, field: .validity_ms,
                value: Float(request.validity_ms), limit: longest_ms,
                text: "validity_ms \(request.validity_ms): must be 1 ... "
                    + "\(UInt64(Double(limits.horizon) * 1000 / Double(rate.perSecond)))")
        }
        let wish = request.wish
        let judged: [(Answer.Field, Float, Float)] = [
            (.frequency_bias_Hz, wish.frequencyBias.value, limits.frequencyBias.value),
            (.voltage_bias_V, wish.voltageBias.value, limits.voltageBias.value),
            (.active_W, wish.active.value, limits.active.value),
            (.reactive_var, wish.reactive.value, limits.reactive.value),
        ]
        for (field, value, limit) in judged where !(value.magnitude <= limit) {
            return Answer(
                to: sequence, code: .outsideLimit, field: field, value: value, limit: limit,
                text: value.isNaN
                    ? "\(field) is no number; must be \(-limit) ... \(limit)"
                    : "\(field) \(value): must be \(-limit) ... \(limit)")
        }
        return nil
    }
}

extension Status {
    /// The whole lines that fit, and a last one that says so where some did not.
    static func fitting(_ text: String) -> String {
        guard text.utf8.count > mostText else { return text }
        let note = "truncated: more than \(mostText) bytes"
        var room = mostText - note.utf8.count
        var kept = ""
        for line in text.split(separator: "\n") {
            room -= line.utf8.count + 1
            if room < 0 { break }
            kept += line
            kept += "\n"
        }
        return kept + note
    }
}
