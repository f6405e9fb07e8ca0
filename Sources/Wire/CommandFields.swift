import Control
import Quantities

extension Command {
    /// Walks every field, in the order of the declarations.
    public mutating func visit<V: FieldVisitor>(_ v: inout V) {
        v.visit("outputs", &outputs)
        v.enter("inverter")
        v.visit("mode", &inverter.mode)
        v.visit("frequency_Hz", &inverter.frequency)
        v.visit("voltage_V", &inverter.voltage)
        v.visit("active_W", &inverter.active)
        v.visit("reactive_var", &inverter.reactive)
        v.leave()
        v.enter("converter")
        v.visit("is_on", &converter.isOn)
        v.visit("voltage_V", &converter.voltage)
        v.visit("most_out_A", &converter.mostOut)
        v.visit("most_in_A", &converter.mostIn)
        v.leave()
        v.visit("renewables", &renewables)
        v.visit("charging", &charging)
    }
}

extension Setpoints {
    /// Walks every field, in the order of the declarations.
    public mutating func visit<V: FieldVisitor>(_ v: inout V) {
        v.visit("expires", &expires)
        v.visit("connect", &connect)
        v.visit("island", &island)
        v.visit("acknowledge", &acknowledge)
        v.visit("tied", &tied)
        v.visit("guarded", &guarded)
        v.visit("frequency_bias_Hz", &frequencyBias)
        v.visit("voltage_bias_V", &voltageBias)
        v.visit("active_W", &active)
        v.visit("reactive_var", &reactive)
    }
}
