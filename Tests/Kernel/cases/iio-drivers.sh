# ina226, ads1015 and mcp4725 are bound by new_device and read with libiio's local backend
# from: bridge
raw() { # DEVICE CHANNEL ATTRIBUTE
    iio_attr -u local: -c "$1" "$2" "$3"
}
power=$(bind ina226 0x40)
need "ina2xx-adc takes the power monitor" test -n "$power"
need "ti-ads1015 takes the converter" bind ads1015 0x48
need "mcp4725 takes the output" bind mcp4725 0x60
analog=$(iio_device 0x48)
output=$(iio_device 0x60)

for pair in "$power ina226" "$analog ads1015" "$output mcp4725"; do
    expect "libiio finds ${pair#* }" \
        sh -c "iio_info -u local: | grep -Eq '${pair% *}: ${pair#* }( |\$)'"
done

# 24.000 V in steps of 1.25 mV; IIO's unit of voltage is the millivolt.
expect "bus voltage, raw" equal "$(raw "$power" voltage1 raw)" 19200
expect "bus voltage, scale" equal "$(raw "$power" voltage1 scale)" 1.250000000
# 2.5 mV in steps of 2.5 uV, over the driver's usual 10 mohm: 250 mA.
expect "shunt voltage, raw" equal "$(raw "$power" voltage0 raw)" 1000
expect "current is shunt voltage over 10 mohm" \
    equal "$(raw "$power" current3 raw | awk -v s="$(raw "$power" current3 scale)" '{ print $1 * s }')" 250

for channel in 0 1 2 3; do
    expect "analog channel $channel is its own" \
        equal "$(raw "$analog" voltage$channel raw)" $((100 * channel + 100))
done

iio_attr -u local: -c "$output" voltage0 raw 2748 >/dev/null
expect "the output reads back" equal "$(raw "$output" voltage0 raw)" 2748
unbind 0x60
# Not the driver's memory but the chip's: ready, then 2748 (0xabc) in the upper twelve bits.
expect "the chip itself holds it" equal "$(i2ctransfer -y "$(bridge_bus_number)" r3@0x60)" "0xc0 0xab 0xc0"
