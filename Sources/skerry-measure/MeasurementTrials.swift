extension MeasurementTrial {
    /// All conditions a network of `nominal_Hz` is tried in.
    public static func all(nominal_Hz: Double) -> [MeasurementTrial] {
        steady + ramps(nominal_Hz: nominal_Hz) + steps
    }

    /// Frequencies off nominal, all dirt, and none.
    public static var steady: [MeasurementTrial] {
        var list = [
            MeasurementTrial(
                name: "steady, clean", kind: .steady, course: Waveform.Course(), dirt: .none,
                duration_s: 2)
        ]
        for offset in [0.0, -5, -3, 2, 5] {
            var course = Waveform.Course()
            course.offset_Hz = offset
            list.append(
                MeasurementTrial(
                    name: "steady, all dirt, \(signed(offset)) Hz", kind: .steady, course: course,
                    dirt: .all, duration_s: 2))
        }
        return list
    }

    /// 45 to 55 Hz, or 57 to 63 Hz.
    public static func ramps(nominal_Hz: Double) -> [MeasurementTrial] {
        let reach = nominal_Hz == 50 ? 5.0 : 3.0
        return [3.0, -3, 1, -1].map { slope in
            var course = Waveform.Course()
            course.offset_Hz = slope > 0 ? -reach : reach
            course.ramp_Hz_s = slope
            course.span_Hz = 2 * reach
            return MeasurementTrial(
                name: "ramp \(signed(slope)) Hz/s over \(signed(-reach)) ... \(signed(reach)) Hz",
                kind: .ramp, course: course, dirt: .all,
                duration_s: 1.5 + 2 * reach / abs(slope))
        }
    }

    public static var steps: [MeasurementTrial] {
        var list: [MeasurementTrial] = []
        func add(
            _ name: String, grace: Double = 0, allowance: Double = 0,
            _ change: (inout Waveform.Course) -> Void
        ) {
            var course = Waveform.Course()
            change(&course)
            list.append(
                MeasurementTrial(
                    name: name, kind: .step, course: course, dirt: .all, duration_s: 2.5,
                    grace_cycles: grace, allowance_pct: allowance))
        }
        for jump in [20.0, -20] {
            add("phase jump \(signed(jump))°") { $0.step_deg = jump }
        }
        add("sag to 0.5") { $0.levelAfter = 0.5 }
        add("sag to 0.5 with a jump of −20°") {
            $0.levelAfter = 0.5
            $0.step_deg = -20
        }
        add("sag to 0.1") { $0.levelAfter = 0.1 }
        add("recovery from 0.1") { $0.levelBefore = 0.1 }
        add("swell to 1.2") { $0.levelAfter = 1.2 }
        add("voltage returns, nominal", grace: 5) { $0.levelBefore = 0 }
        add("voltage returns, −3 Hz", grace: 5) {
            $0.levelBefore = 0
            $0.offset_Hz = -3
        }
        add("frequency step +1 Hz", grace: 5) { $0.step_Hz = 1 }
        // One sample of 5 pu at 4 kHz and 60 Hz: mean square up by ((√2 + 5)² − 2) / 67 = 0.58.
        add("glitch of 5 pu on one sample, 10 a second", allowance: 26) { $0.glitch = 5 }
        // One millisecond of 16.7 at a crest of √2 · 1.15: fundamental down by 0.8 · 2 · 1.15 · 0.06.
        add("notch of 80 % for 1 ms, 10 a second", allowance: 11) { $0.notch = 0.8 }
        return list
    }

    private static func signed(_ x: Double) -> String {
        let digits = x == x.rounded() ? "\(Int(abs(x)))" : "\(abs(x))"
        return x > 0 ? "+\(digits)" : x < 0 ? "−\(digits)" : digits
    }
}
