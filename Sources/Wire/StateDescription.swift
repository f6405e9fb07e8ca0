// Reflection exists on a host alone; a microcontroller knows its layout by its size.
#if hasFeature(Embedded)
    import Control

    extension StateLayout {
        public static func ofThisProgram() -> StateLayout {
            StateLayout(size: UInt32(MemoryLayout<Controller>.size), fingerprint: 0)
        }
    }
#else
    import Control
    import Quantities

    extension StateLayout {
        /// Computed by reflection: costs a millisecond, once at start.
        public static func ofThisProgram() -> StateLayout {
            StateLayout(
                size: UInt32(MemoryLayout<Controller>.size),
                fingerprint: StateDescription.ofController.fingerprint)
        }
    }

    extension ControllerSettings {
        /// With everything a controller may have, so that nothing hides in a nil.
        fileprivate static var everything: ControllerSettings {
            let rate = TickRate(perSecond: 1000)
            var s = ControllerSettings(
                rate: rate, frontEnd: .waveform(samplesPerTick: 4), nominalCurrent: Amperes(1),
                presence: PresenceLimits(deadBelow: Volts(1), liveAbove: Volts(2)),
                limits: SetpointLimits(
                    frequencyBias: Hertz(1), voltageBias: Volts(1), active: Watts(1),
                    reactive: Vars(1), horizon: 1))
            s.coupling = CouplingSettings(
                times: IslandingTimes(
                    openBy: 1, closeBy: 1, diagnose: 1, retry: 1, attempts: 1, deadBus: 1,
                    proving: 1, feedbackLag: 1),
                window: EnterService.Window(
                    voltage: (Volts(0), Volts(1)), frequency: (Hertz(0), Hertz(1)), delay: 1,
                    excursion: 1),
                sync: SyncLimits(
                    slip: Hertz(1), voltage: Volts(1), angle_deg: 1, aim_deg: 1,
                    rocof: HertzPerSecond(1), confirm: 1),
                closingTime: Seconds(1),
                secondary: SecondarySettings(
                    nominalFrequency: Hertz(50), nominalVoltage: Volts(230)))
            s.source = SourceSettings(
                times: SourceTimes(
                    observe: 1, follow: 1, blackStartAfter: 1, ramp: 1, retry: 1, readyBy: 1,
                    outOfStep: 1),
                droop: DroopSettings(
                    nominalFrequency: Hertz(50), nominalVoltage: Volts(230),
                    rating: VoltAmperes(1), mostOut: .zero, mostIn: .zero))
            s.contactor = ContactorSettings(
                leastVoltage: Volts(1), doneVoltage: Volts(1), doneCurrent: Amperes(1),
                preChargeBy: 1, tries: 1, pause: 1, lockout: 1, travel: 1, settleClose: 1,
                settleOpen: 1, hotCurrent: Amperes(1))
            s.converter = ConverterDroopSettings(
                nominalVoltage: Volts(48), resistance: Ohms(1), mostCurrent: Amperes(1))
            s.curtailment = CurtailmentSettings(
                downAbove: 1, upBelow: 1, downEvery: 1, upEvery: 1, step: 1, offAbove: 1)
            s.interconnect = InterconnectSettings(
                nameplate: Nameplate(
                    apparent: VoltAmperes(1), mostOut: Watts(1), mostInjected: Vars(1),
                    mostAbsorbed: Vars(1)),
                enterService: EnterServiceSettings(
                    window: EnterService.Window(
                        voltage: (Volts(0), Volts(1)), frequency: (Hertz(0), Hertz(1)), delay: 1,
                        excursion: 1)))
            return s
        }
    }

    /// Every field of a value with its type, size and place in the tree, as one text.
    struct StateDescription {
        private(set) var lines: [String] = []

        static var ofController: StateDescription {
            var description = StateDescription()
            description.add("controller", Controller(.everything))
            description.addCases()
            return description
        }

        /// FNV-1a of the lines.
        var fingerprint: UInt64 {
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for line in lines {
                for byte in line.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
                hash = (hash ^ 10) &* 0x100_0000_01B3
            }
            return hash
        }

        mutating func add<T>(_ path: String, _ value: T) {
            let layout = MemoryLayout<T>.self
            lines.append(
                "\(path): \(String(reflecting: T.self)) "
                    + "\(layout.size)/\(layout.stride)/\(layout.alignment)")
            if let row = value as? any Row {
                row.describeFirst(&self, path)
                return
            }
            let mirror = Mirror(reflecting: value)
            switch mirror.displayStyle {
            case .struct, .tuple:
                for (k, child) in mirror.children.enumerated() {
                    add(any: "\(path).\(child.label ?? "\(k)")", child.value)
                }
            case .optional:
                for child in mirror.children { add(any: "\(path)?", child.value) }
            default: break
            }
        }
        private mutating func add(any path: String, _ value: any Any) {
            func open<T>(_ value: T) { add(path, value) }
            open(value)
        }

        /// The cases of the enumerations a record has, by their codes: a case that comes, goes or is
        /// renamed makes another layout.
        mutating func addCases() {
            for code in UInt8(0)...255 {
                var reader = CodeReader(code: code)
                var cause = Cause.none
                cause.visit(&reader)
                if reader.isKnown { lines.append("cause \(code): \(cause)") }
                reader = CodeReader(code: code)
                var islanding: IslandingState?
                visitState(&islanding, &reader)
                if reader.isKnown { lines.append("islanding \(code): \(islanding as Any)") }
                reader = CodeReader(code: code)
                var source: SourceState?
                visitState(&source, &reader)
                if reader.isKnown { lines.append("source \(code): \(source as Any)") }
                reader = CodeReader(code: code)
                var der: DERState?
                visitState(&der, &reader)
                if reader.isKnown { lines.append("der \(code): \(der as Any)") }
                reader = CodeReader(code: code)
                var contactor: ContactorState?
                visitState(&contactor, &reader)
                if reader.isKnown { lines.append("contactor \(code): \(contactor as Any)") }
            }
        }
    }

    /// A fixed row of equal elements: its first stands for all.
    private protocol Row {
        func describeFirst(_ description: inout StateDescription, _ path: String)
    }
    extension InlineArray: Row {
        func describeFirst(_ description: inout StateDescription, _ path: String) {
            if count > 0 { description.add("\(path)[0]", self[0]) }
        }
    }

    /// Reads `code` where a code stands and zero elsewhere.
    private struct CodeReader: FieldVisitor {
        let code: UInt8
        var isKnown = true
        private var isFirst = true
        init(code: UInt8) { self.code = code }
        mutating func visit(_ name: StaticString, _ value: inout UInt8) {
            value = isFirst ? code : 0
            isFirst = false
        }
        mutating func visit(_ name: StaticString, _ value: inout Float) { value = 0 }
        mutating func visit(_ name: StaticString, _ value: inout Bool) { value = false }
        mutating func visit(_ name: StaticString, _ value: inout UInt16) { value = 0 }
        mutating func visit(_ name: StaticString, _ value: inout UInt32) { value = 0 }
        mutating func visit(_ name: StaticString, _ value: inout UInt64) { value = 0 }
        mutating func visit(_ name: StaticString, _ value: inout Int64) { value = 0 }
        mutating func enter(_ name: StaticString) {}
        mutating func leave() {}
        mutating func reject() { isKnown = false }
    }
#endif
