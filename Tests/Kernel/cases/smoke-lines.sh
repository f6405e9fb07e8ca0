# GPIO lines are driven and read back through the character device
# from: bridge
chip=$(bridge_lines)

expect "the chip has its driver's name and eight lines" \
    equal "$(gpiodetect | cut -d' ' -f2-)" "[cp2112_gpio] (8 lines)"
for level in 0 1 0; do
    gpioset "$chip" 0=$level
    expect "line 4 follows line 0 to $level" equal "$(gpioget "$chip" 4)" $level
done
