# the stock drivers read the virtual board's own chips: battery, bus and link as they truly are
# from: bench
millivolts() { # DEVICE CHANNEL
    echo "$(iio_attr -u local: -c "$1" "$2" raw) $(iio_attr -u local: -c "$1" "$2" scale)" |
        awk '{ print $1 * $2 }'
}
near() { # TRUE GOT WITHIN
    echo "$1 $2 $3" | awk '{ d = $1 - $2; if (d < 0) d = -d; print; exit !(d <= $3) }'
}
battery=$(bind ina226 0x40)
need "ina2xx-adc takes the battery's meter" test -n "$battery"
bus=$(bind ina226 0x41)
need "and the bus's" test -n "$bus"
need "ti-ads1015 takes the converter" bind ads1115 0x48
analog=$(iio_device 0x48)
need "mcp4725 takes the reference" bind mcp4725 0x60
sleep 1

# Dividers: 1:2 before the meters, 1:20 before the converter. IIO's unit is the millivolt.
expect "battery voltage, to 50 mV" \
    near "$(true_value battery_V)" "$(millivolts "$battery" voltage1 | awk '{ print $1 * 2e-3 }')" 0.05
expect "bus voltage, to 50 mV" \
    near "$(true_value bus_V)" "$(millivolts "$bus" voltage1 | awk '{ print $1 * 2e-3 }')" 0.05
expect "temperature, to 1 degree" \
    near "$(true_value temperature_C)" "$(millivolts "$analog" voltage1 | awk '{ print ($1 - 500) / 10 }')" 1

# 40 ... 56 V for 0 ... 4095: half way is 48 V.
iio_attr -u local: -c "$(iio_device 0x60)" voltage0 raw 2048 >/dev/null
expect "the reference arrives at the converter, to 5 mV" near "$(true_value reference_V)" 48.002 0.005
