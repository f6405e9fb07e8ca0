# the controller runs on what the stock drivers read: a meter and a converter by IIO
# from: bench
bridge=SKERRY-BENCH-A
power=$(bind ina226 0x41)
need "ina2xx-adc takes the bus's meter" test -n "$power"
need "ti-ads1015 takes the converter" bind ads1115 0x48
# A full scale of 4.096 V, as the link's divider wants it; the driver's own is 2.048.
analog=$(iio_device 0x48)
iio_attr -u local: -c "$analog" voltage0 scale 0.125 >/dev/null
iio_attr -u local: -c "$analog" voltage1 scale 0.125 >/dev/null
# 1 mohm, as the bench has it; the driver's own is 10.
echo 0.001 >"/sys/bus/iio/devices/$power/in_shunt_resistor" 2>/dev/null ||
    iio_attr -u local: -d "$power" in_shunt_resistor 0.001 >/dev/null

# The shipped board, those chips by their drivers. The current's sign is the shunt's.
mkdir -p /boards/iio
sed -e '/name: bus, chip: ina226/d; /name: adc, chip: ads1115/d' \
    -e 's/from: bus.bus_voltage/from: meter.voltage1/; s/from: bus.current/from: meter.current3/' \
    -e 's/from: adc.ain0/from: adc.voltage0/; s/from: adc.ain1/from: adc.voltage1/' \
    -e '/from: adc.ain/d' \
    -e 's/^  channels:/  iio:\n    - {name: meter, device: ina226, parent: AT41}\n    - {name: adc, device: ads1015, parent: AT48}\n  channels:/' \
    $board/board.yaml >/boards/iio/board.yaml
place() { printf '%s-00%s' "$(bridge_bus_number)" "$1"; }
for at in 41 48; do sed -i "s/AT$at/$(place $at)/" /boards/iio/board.yaml; done
expect "the file is sound" skerry check /boards/iio
expect "what it wants is there" skerry check --probe /boards/iio
board=/boards/iio
start_controller
expect "the main contactor closes" within 30 truth 'main_conducts'
expect "the converter runs" within 10 truth 'converter_runs'
agrees() { # CONTROLLER TRUE WITHIN
    echo "$(controller_value "$1") $(true_value "$2") $3" |
        awk '{ d = $1 - $2; if (d < 0) d = -d; print; exit !(d <= $3) }'
}
expect "bus voltage, to 0.3 V" within 5 agrees bus_V bus_V 0.3
expect "temperature, to 1 degree" within 5 agrees battery_degC temperature_C 1
order outage
expect "the battery carries the bus" within 5 truth 'converter_A > 1'
expect "and the controller sees it, to 1 A" within 5 agrees converter_A converter_A 1
order nack 0x41
expect "the meter stops answering: the contactor opens" within 5 truth '!main_conducts'
opened_after
order ack 0x41
expect "and closes again" within 60 truth 'main_conducts'
always
