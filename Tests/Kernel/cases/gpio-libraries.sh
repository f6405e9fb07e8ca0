# the GPIO door does the same over libgpiod 1.6 and 2.x, on the kernel's own character device
# from: bridge
expect "the self-test over the installed libgpiod" gpio-self-test-installed cp2112_gpio 0 4
expect "the self-test over libgpiod 2" \
    env LD_LIBRARY_PATH=/lib/ours gpio-self-test-2 cp2112_gpio 0 4
gpio-self-test-installed cp2112_gpio 1 5
LD_LIBRARY_PATH=/lib/ours gpio-self-test-2 cp2112_gpio 1 5
