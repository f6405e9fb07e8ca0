# What a case can say. Sourced before each script in the guest.
failures=0

# report JSON-MEMBERS: one line for the host.
report() {
    printf '{%s}\n' "$*" >&3
}

quoted() {
    printf '%s' "$*" | awk 'BEGIN { printf "\"" } { if (NR > 1) printf "\\n"; gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); gsub(/\t/, "\\t"); gsub(/[\001-\037]/, " "); printf "%s", $0 } END { printf "\"" }'
}

# expect WHAT COMMAND...: holds if the command succeeds. The case goes on either way and fails at
# its end if anything did not hold.
expect() {
    local what=$1 said
    shift
    if said=$("$@" 2>&1); then
        report "\"expect\":$(quoted "$what"),\"holds\":true"
    else
        failures=$((failures + 1))
        report "\"expect\":$(quoted "$what"),\"holds\":false,\"command\":$(quoted "$*"),\"said\":$(quoted "$said")"
    fi
}

# need WHAT COMMAND...: as expect, but without it the case makes no sense and ends.
need() {
    local before=$failures
    expect "$@"
    [ "$failures" = "$before" ] || finish
}

# figure NAME VALUE: a number or a string for the report.
figure() {
    case $2 in
        '' | *[!0-9.e+-]*) report "\"figure\":$(quoted "$1"),\"value\":$(quoted "$2")" ;;
        *) report "\"figure\":$(quoted "$1"),\"value\":$2" ;;
    esac
}

not() { ! "$@"; }

# now_ms: since boot, by the guest's clock, to 10 ms. No program is started: they cost time here.
now_ms() {
    local up rest
    read -r up rest </proc/uptime
    echo $((${up%.*}${up#*.} * 10))
}

# within SECONDS COMMAND...: tries every 50 ms until it succeeds, or fails as the last try did.
within() {
    local end
    end=$(($(now_ms) + $1 * 1000))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$(now_ms)" -lt "$end" ] || { "$@"; return; }
        sleep 0.05
    done
}

equal() {
    [ "$1" = "$2" ] || { echo "$1 is not $2"; return 1; }
}

# bridge_bus [SERIAL]: the adapter (i2c-N) of a bridge, by what its parent is: numbers change when
# it is unplugged. Without a serial number: of the first.
bridge_bus() {
    local adapter
    for adapter in /sys/bus/i2c/devices/i2c-*; do
        grep -q '^CP2112' "$adapter/name" 2>/dev/null || continue
        [ -z "$1" ] || grep -qx "HID_UNIQ=$1" "$adapter/../uevent" || continue
        basename "$adapter" && return
    done
    echo "no bridge $1 among the adapters"
    return 1
}
bridge_bus_number() {
    local bus
    bus=$(bridge_bus "$1") && echo "${bus#i2c-}"
}
# bridge_lines: the chip (gpiochipN) of the first bridge.
bridge_lines() {
    local chip
    chip=$(gpiodetect | awk '/\[cp2112_gpio\]/ { print $1; exit }')
    [ -n "$chip" ] && echo "$chip"
}

# bind DRIVER ADDRESS: lets an in-kernel driver take a chip, and prints its IIO device.
bind() {
    local bus device
    bus=$(bridge_bus) || return
    echo "$1 $2" >"/sys/bus/i2c/devices/$bus/new_device"
    device=$(iio_device "$2") || { echo "no IIO device at $2"; return 1; }
    echo "$device"
}
unbind() {
    echo "$1" >"/sys/bus/i2c/devices/$(bridge_bus)/delete_device"
}

# iio_device ADDRESS: the IIO device of the chip at an address of the bridge's bus.
iio_device() {
    local device bus
    bus=$(bridge_bus_number) || return
    for device in /sys/bus/i2c/devices/"$bus"-00"${1#0x}"/iio:device*; do
        [ -d "$device" ] && basename "$device" && return
    done
    return 1
}

# What the kernel said since the case began.
kernel_log() {
    dmesg | awk '/\] case / { text = "" } { text = text $0 "\n" } END { printf "%s", text }'
}

# kernel_may_say PATTERN: a defect of these kernels that a case knows and says why it meets.
kernel_may_say() {
    known=$1
}
known='^$'

# What the kernel itself had to complain of. A driver that only reports an error is no complaint.
kernel_sound() {
    ! kernel_log | grep -E 'BUG:|WARNING:|Oops|refcount_t|soft lockup|rcu.*stall' | grep -vE "$known"
}

finish() {
    expect "the kernel has nothing to complain of" kernel_sound
    if [ "$failures" -gt 0 ]; then
        echo "--- kernel log of a failed case"
        kernel_log | tail -20
        exit 1
    fi
    exit 0
}
