# the GPIO door does the same over libgpiod 1.6 and 2.x, on the kernel's own character device
# from: bridge

# hid-cp2112 polls its lines every 40 ms or so, and its edges are the weak point:
# - A request for edges does not take a first look, so a line that changed while nobody watched
#   reports one edge that nobody made.
# - The kernel's debouncing is refused: -EINVAL.
# - Since 6.12 at the latest, letting go of the last watched line waits for the poll with a spin
#   lock held ("scheduling while atomic" in irq_shutdown).
# Whoever needs a contact of this chip reads its level. Everything else must be as on any chip.
kernel_may_say 'BUG: scheduling while atomic: gpio-self-test'
cannot='FAIL  (nothing happens untouched|and that is waited for|debouncing is done by the kernel)$'

as_on_any_chip() {
    "$@" >said
    cat said
    grep -q '^libgpiod' said && grep -q 'outlives it' said && ! grep '^FAIL' said | grep -vE "$cannot"
}
expect "over the installed libgpiod" as_on_any_chip gpio-self-test-installed cp2112_gpio 0 4
expect "over libgpiod 2" \
    as_on_any_chip env LD_LIBRARY_PATH=/lib/ours gpio-self-test-2 cp2112_gpio 1 5
