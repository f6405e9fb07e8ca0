# unplugged, adapter and lines go; plugged in again, they come back, under any number
# from: bridge
old=$(bridge_bus)
i2cget -y "${old#i2c-}" 0x40 0x02 w >/dev/null

kill "$(cat /run/bridge.pid)"
expect "the adapter goes" within 5 not bridge_bus
expect "the lines go" within 5 not bridge_lines

bridge "plugged in again" &
expect "the adapter comes back" within 10 bridge_bus
expect "the lines come back" within 10 bridge_lines
figure "adapter before and after" "$old $(bridge_bus)"
expect "the register reads as before" equal "$(i2cget -y "$(bridge_bus_number)" 0x40 0x02 w)" 0x004b
