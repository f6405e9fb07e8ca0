# a bit of a chip's configuration flips: found, and written again
# from: running
bus=$(bridge_bus_number SKERRY-BENCH-A)
configuration() { i2cget -f -y "$bus" "$1" "$2" w; }

for chip in 0x40 0x41; do
    before=$(configuration $chip 0x00)
    # Bit 2 of the mode: no longer continuous.
    order flip $chip 0x00 0x0004
    repaired() { equal "$(configuration $chip 0x00)" "$before"; }
    from=$(now_ms)
    expect "$chip: the configuration is $before again" within 10 repaired
    figure "$chip: written again after, s" "$(awk "BEGIN { print ($(now_ms) - $from) / 1000 }")"
done
expect "closed, or closed again" within 60 truth 'main_conducts'
always
