import ArgumentParser
import Calibration
import Foundation
import Instruments
import LinuxBoard
import Station
import Switchboard

/// A board opened for reading, with the windows of all its channels.
final class LiveReading {
    let board: OpenBoard
    let source: FieldSource
    private(set) var windows: [Calibrated: Window]

    /// Starts the board's threads; nothing is driven.
    init(_ board: OpenBoard) throws {
        guard let source = FieldSource(board.site, board.switchboard, doors: .kernel) else {
            complain("\(board.site.name): nothing on this board is measured")
            throw ExitCode.failure
        }
        self.board = board
        self.source = source
        windows = Dictionary(
            uniqueKeysWithValues: board.nominals.map {
                (
                    $0.channel,
                    Window(span_s: ChannelPlan.window_s(of: $0.channel), nominal: $0.nominal)
                )
            })
    }

    /// Reads for so long.
    func gather(_ seconds: Double) throws {
        let end_s = source.time_s + seconds
        do throws(SourceFault) {
            repeat {
                for (channel, readings) in try source.gather(min(seconds, 0.2)) {
                    windows[channel]?.add(readings)
                }
            } while source.time_s < end_s
        } catch {
            complain("\(board.site.name): \(error.message)\n  = \(error.remedy)")
            throw ExitCode.failure
        }
    }

    var moment: ChannelSession.Moment {
        .init(
            time_s: source.time_s, windows: windows, temperature_degC: source.temperature_degC,
            at_s: utc_s())
    }

    /// What another channel of this board reads by the board file or its own calibration, which is
    /// then the reference.
    func reading(of key: String) throws(InstrumentFault) -> InstrumentReading {
        guard let (channel, nominal) = board.nominals.first(where: { $0.channel.key == key }) else {
            throw InstrumentFault("this board has no channel \(key)", "skerry check lists them")
        }
        guard let figures = windows[channel]?.figures(at: source.time_s) else {
            throw InstrumentFault("\(key) gives no readings", "`skerry probe` says what is there")
        }
        let v = nominal.reading(figures.mean)
        let record = board.store.current(channel).value
        return InstrumentReading(
            record?.coefficients.corrected(v, at: source.temperature_degC) ?? v,
            resolution: nominal.resolution * nominal.gain.magnitude)
    }

    func plan(_ channel: Calibrated, _ nominal: Nominal) throws -> ChannelPlan {
        guard
            let plan = ChannelPlan(
                channel: channel, nominal: nominal, required: board.site.accuracy(of: channel),
                span: board.site.span(of: channel))
        else {
            complain("\(channel.key): nobody can apply it with a source and a meter")
            throw ExitCode.validationFailure
        }
        return plan
    }
}

/// `--reference`: opened, and named.
func open(_ text: String, _ reading: LiveReading) throws -> any Instrument {
    do throws(InstrumentFault) {
        return try Reference(parsing: text).open { key throws(InstrumentFault) in
            try reading.reading(of: key)
        }
    } catch {
        complain("--reference \(text): \(error.message)\n  = \(error.remedy)")
        throw ExitCode.failure
    }
}

extension Instrument {
    /// Its serial number, where it says who it is.
    var serial: String? { (self as? any IdentifiedInstrument)?.identity?.serial }
    /// Its model, where it says who it is.
    var model: String? {
        guard let identity = (self as? any IdentifiedInstrument)?.identity else { return name }
        return [identity.maker, identity.model].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
