# The smallest bridge is plugged in; no chip is bound to a kernel driver.
# from: boot
bridge "smallest bridge" &
echo $! >/run/bridge.pid
need "the kernel makes an I2C adapter of it" within 10 bridge_bus
need "and a chip of GPIO lines" within 10 bridge_lines
