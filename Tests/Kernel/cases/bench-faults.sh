# how the bench's faults look through the stock driver: what the controller has to live with
# from: bench
bridge=SKERRY-BENCH-A
bus_voltage() { i2cget -y "$(bridge_bus_number)" "$1" 0x02 w; }
lines() { gpiodetect | grep -c cp2112_gpio; }
lasts() { # COMMAND...: milliseconds it takes, whatever becomes of it
    local from
    from=$(now_ms)
    "$@" >/dev/null 2>&1
    echo $(($(now_ms) - from))
}

expect "a meter answers" bus_voltage 0x40
order nack 0x40
expect "refused: an error" not bus_voltage 0x40
expect "its neighbour answers" bus_voltage 0x41
order ack 0x40
expect "back" bus_voltage 0x40

order identity 0x40 0x1234
# High byte first on the wire.
expect "another chip's identity is read" \
    equal "$(i2cget -y "$(bridge_bus_number)" 0x40 0xff w)" 0x3412
order identity 0x40 clear

order busy a
expect "a bus that is never free: an error" not bus_voltage 0x40
order heal a

order hang a
took=$(lasts bus_voltage 0x40)
figure "a read from a silent bridge fails after, ms" "$took"
expect "within a second" test "$took" -lt 1000
order heal a
expect "healed: answers" within 10 bus_voltage 0x40

expect "a coil without a heartbeat is not fed" truth '!watchdog_supplies'
chip=$(basename "$(ls -d /sys/bus/i2c/devices/"$(bridge_bus)"/../gpiochip* | head -1)")
gpioset "$chip" 0=1
expect "although its line is driven" truth 'bridge_a_driven % 2 == 1 && !pre_charge_coil'

expect "two chips of lines" equal "$(lines)" 2
order unplug a
expect "unplugged: bridge a's adapter goes" within 5 not bridge_bus SKERRY-BENCH-A
expect "bridge b's stays" bridge_bus SKERRY-BENCH-B
expect "so do its lines" equal "$(lines)" 1
order replug a
expect "replugged: back" within 10 bridge_bus SKERRY-BENCH-A
expect "its meter answers" within 5 bus_voltage 0x40
