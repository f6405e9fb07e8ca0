# stock drivers bind to a bridge made by a program, and a register is read through i2c-dev
# from: bridge
bus=$(bridge_bus_number)

expect "all four chips answer, and no other address" \
    equal "$(i2cdetect -y -r "$bus" | sed 1d | cut -c5- | tr -d '-' | xargs)" "40 41 48 60"
# SMBus words come low byte first, the INA226 sends high byte first: 0x4b00 is 19200 * 1.25 mV.
expect "the bus voltage register reads 24.000 V" equal "$(i2cget -y "$bus" 0x40 0x02 w)" 0x004b
expect "the second chip is another one: 48.000 V" equal "$(i2cget -y "$bus" 0x41 0x02 w)" 0x0096
expect "an address nobody has is an error" not i2cget -y "$bus" 0x42 0x02 w
