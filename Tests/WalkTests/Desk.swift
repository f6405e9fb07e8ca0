import Calibration
import Control
import Foundation
import Report

@testable import Walk

/// The fit of the room, with no more known than the points.
@Sendable func pointFit(
    _ channel: Calibrated, _ points: [Point], _ nominal: Nominal
) throws(FitRefusal) -> ChannelFit {
    try ChannelFit.fit(points, nominal: nominal, reference: bench)
}

let battery = Calibrated.scalar(.batteryVoltage)
let current = Calibrated.scalar(.batteryCurrent)
let link = Calibrated.scalar(.linkVoltage)
let grid = Calibrated.wave(.gridA)

/// Two voltages and a current of a 48 V battery, as an ADC of 16 bit sees them, and a waveform.
let batteryPlan = plan(battery, gain: 0.0021, 0...60, ratio: 0.005, absolute: 0.1)
let linkPlan = plan(link, gain: 0.0021, 0...60, ratio: 0.005, absolute: 0.1)
let currentPlan = plan(current, gain: 0.004, -100...100, ratio: 0.01, absolute: 0.2)
let gridPlan = plan(grid, gain: 0.02, 0...250, ratio: 0.005, absolute: 0.5, isAlternating: true)

func plan(
    _ channel: Calibrated, gain: Double, _ span: ClosedRange<Double>, ratio: Double,
    absolute: Double, isAlternating: Bool = false
) -> ChannelPlan {
    ChannelPlan(
        channel: channel,
        nominal: Nominal(
            from: "adc.\(channel.key)", gain: gain, resolution: 1, lowest: -32768, highest: 32767,
            isAlternating: isAlternating),
        required: RequiredAccuracy(ratio: ratio, absolute: absolute, source: "test site"),
        span: span)!
}

let bench = ReferenceMeter(
    model: "DMM 6500", serial: "0042", form: .certificate, ofReading: 0.0002, absolute: 0.002,
    resolution: 0.001)
/// The same for every unit.
let meters = ["V": bench, "A": bench, "Hz": bench, "W": bench, "°C": bench]

/// How far a fit of five points from 0 to 60 V may be from the truth: four standard deviations.
///
/// The mean of 100 readings knows 12 mV of noise to 1.2 mV; the meter is read at one instant of a
/// wander of 0.6 mV, to 1 mV; together 1.4 mV a point. Over levels 47 V from their middle (root of
/// squares) that is 1.4 mV / 47 V = 3e-5 of scale, and 1.4 mV · √(1/5 + (30/47)²) = 1.1 mV at an end.
let scaleBound = 4 * 3e-5, endBound_V = 4 * 0.0011

/// A walk at a practice bench, driven by keys; time passes only by `wait`.
struct Desk {
    var walk: Walk
    let source: PracticeSource
    var windows: [Calibrated: Window]
    var saved: [Calibrated: [Point]] = [:]
    var kept: [Calibrated: ChannelFit] = [:]
    var hasQuit = false

    init(
        _ plans: [ChannelPlan], seed: UInt64, _ misbehaviours: [PracticeSource.Misbehaviour] = [],
        saved: [Calibrated: [Point]] = [:]
    ) {
        source = PracticeSource(plans: plans, seed: seed, misbehaviours: misbehaviours)
        walk = Walk(
            board: "pi-dc48", plans: plans, meters: meters, rest: source.outputsAreAtRest,
            saved: saved, fitting: pointFit)
        windows = Dictionary(
            uniqueKeysWithValues: plans.map {
                ($0.channel, Window(span_s: $0.window_s, nominal: $0.nominal))
            })
        wait(0.1)
    }

    mutating func wait(_ seconds: Double) {
        for _ in 0..<Int((seconds / 0.1).rounded()) {
            guard let found = try? source.gather(0.1) else { return }
            for (channel, readings) in found { windows[channel]?.add(readings) }
            let moment = ChannelSession.Moment(
                time_s: source.time_s, windows: windows, temperature_degC: 24.6,
                at_s: 1_800_000_000 + source.time_s)
            _ = walk.step(.tick(moment, practice: source.display))
        }
    }

    mutating func press(_ keys: Key...) {
        for key in keys {
            _ = walk.step(.key(key))
            for order in walk.takeOrders() {
                switch order {
                case .set(let channel, let level): source.set(channel, to: level)
                case .save(let channel, let points): saved[channel] = points
                case .keep(let channel, _, let fit): kept[channel] = fit
                case .quit: hasQuit = true
                }
            }
        }
    }

    mutating func type(_ text: String) {
        for character in text { press(.character(character)) }
        press(.enter)
    }

    /// Waits until it is steady and types what the practice meter shows.
    mutating func takePoint() {
        wait(8)
        type(source.display ?? "")
    }

    var message: String { walk.screen.message?.text ?? "" }
    var remedy: String { walk.screen.message?.remedy ?? "" }
    var points: [Point] { walk.session.points }
    func picture(_ columns: Int, _ rows: Int, unicode: Bool = true) -> [String] {
        WalkView(columns: columns, rows: rows, ability: .init(colour: false, unicode: unicode))
            .lines(walk.screen)
    }
}
