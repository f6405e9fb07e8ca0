import Control
import Loop
import Wire

extension Exchange {
    func pump(_ time: Int64) {
        var record = Record()
        for _ in 0..<Self.mostTurns {
            var isThere = false
            let unseen = reader.read(most: 1) {
                record = $0.pointee.record
                isThere = true
            }
            if unseen > 0 { miss(unseen) }
            guard isThere else { return }
            deliver(record, time)
            newest = record.tick
            turn += 1
        }
        isBusy = true
    }

    /// The ring wrote over turns before they could be read.
    private func miss(_ unseen: UInt64) {
        let end = turn + unseen
        for caller in callers {
            guard let subscription = caller.subscription else { continue }
            let every = UInt64(subscription.every)
            let due = (end + every - 1) / every - (turn + every - 1) / every
            caller.losses.records += due
            caller.losses.unseenTurns += unseen
            counts.recordsLost += due
        }
        turn = end
    }

    private func deliver(_ record: Record, _ time: Int64) {
        let isEvent = happenings.isEvent(record)
        var body: UnsafeRawBufferPointer?
        for caller in callers {
            guard let subscription = caller.subscription, !caller.isLeaving else { continue }
            let isDue = turn % UInt64(subscription.every) == 0
            let tells = subscription.events && isEvent
            guard isDue || tells else { continue }
            let needed = FrameHead.size + SentRecord.byteCount + FrameHead.size + Losses.byteCount
            guard caller.output.room >= Caller.reserve + needed else {
                caller.losses.records += 1
                counts.recordsLost += 1
                continue
            }
            if caller.losses != Losses() {
                admit(caller, time)
                body = nil
            }
            if body == nil { body = write { SentRecord.write(record, turn: turn, into: &$0) } }
            frame[FrameHead.size + 8] = SentRecord.reasons(isDue: isDue, isEvent: tells)
            _ = caller.queue(.record, body: body!, crc: crc, building: frame, now_ns: time)
            counts.recordsSent += 1
        }
    }

    /// Tells a client what it lost.
    func admit(_ caller: Caller, _ time: Int64) {
        let losses = caller.losses
        if send(.lost, to: caller, time, { losses.write(into: &$0) }) { caller.losses = Losses() }
    }
}
