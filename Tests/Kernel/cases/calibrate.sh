# badly made front ends are calibrated through the kernel's drivers; the controller then reads the truth
# from: bench
# kernels: 6.12
# within: 900 s
mkdir -p /etc
[ -s /etc/machine-id ] || echo 0123456789abcdef0123456789abcdef >/etc/machine-id
folder=/run/calibration
meter="--calibration $folder --meter DMM --meter-serial 7 --form certificate --accuracy 0.01%+0.001 --person guest"
calibrate() { skerry calibrate "$@" $meter; }

# channel LEVEL...: each applied to the front end's terminals, taken, and fitted.
channel() {
    local channel=$1 level
    shift
    for level in "$@"; do
        order apply "$channel" "$level"
        sleep 0.3
        need "$channel: a point at $level" calibrate take $board --channel "$channel" --value "$level" --confirm
    done
    need "$channel: fitted and kept" calibrate finish $board --channel "$channel"
    order apply "$channel" off
}
order error battery_voltage 0.03 -0.4
order error link_voltage -0.02 0.3
order error dc_bus_voltage 0.015 0.2
order error battery_current -2.05 0.15
# INA226, its bus voltage and its shunt; ADS1115.
# The register of a bus voltage has no sign: at nil, with this offset, it is at its end.
order apply battery_voltage 0
expect "a point at the end of the converter is refused" \
    not calibrate take $board --channel battery_voltage --value 0 --within 8s
channel battery_voltage 6 30 58
channel dc_bus_voltage 6 30 58
channel link_voltage 0 30 58
channel battery_current -30 0 30

scale() { skerry calibrate show $board --calibration $folder --channel "$1" --json | sed -nE 's/.*"scale": *([-0-9.e]+).*/\1/p' | head -1; }
near() { awk "BEGIN { d = ($1) - ($2); exit !(d < $3 && d > -($3)) }" || { echo "$1 is not within $3 of $2"; return 1; }; }
figure "battery_voltage: scale found, of 1 / 1.03 - 1 = -0.029126" "$(scale battery_voltage)"
figure "battery_current: scale found, of 1 / -1.05 - 1 = -1.952381" "$(scale battery_current)"
expect "battery_voltage: the hidden gain is found" near "$(scale battery_voltage)" -0.029126 0.0005
expect "link_voltage: the hidden gain is found" near "$(scale link_voltage)" 0.020408 0.0005
expect "battery_current: the reversed shunt is found" near "$(scale battery_current)" -1.952381 0.002

# A fresh point agrees; after the front end has moved it does not.
order apply link_voltage 45
expect "link_voltage still holds" calibrate verify $board --channel link_voltage --value 45
order error link_voltage -0.03 0.3
expect "link_voltage has drifted" not calibrate verify $board --channel link_voltage --value 45
order error link_voltage -0.02 0.3
order apply link_voltage off

# Contacts, on a dead site alone.
expect "no contact is operated on a live site" \
    not skerry calibrate travel $board --calibration $folder --contact main_contactor --operations 5 --operate
order apply battery_voltage 0
order apply link_voltage 0
expect "the main contactor is timed" \
    skerry calibrate travel $board --calibration $folder --contact main_contactor --operations 6 --operate
order apply battery_voltage off
order apply link_voltage off
expect "check says what limits are in force" \
    sh -c "skerry check $board --calibration $folder | grep -E 'battery over-voltage +58.40* V +58.3[0-9]+ V'"

order forget
start_controller --calibration $folder
expect "the controller closes" within 60 truth 'main_conducts && converter_runs'
expect "its lock keeps a calibration away" not calibrate take $board --channel link_voltage --value 1
sleep 2
reads() { near "$(controller_value "$1")" "$(true_value "$1")" "$2"; }
figure "bus V: the controller's, the truth" "$(controller_value bus_V), $(true_value bus_V)"
expect "it reads the bus as it is; the front end alone is 0.9 V off" within 10 reads bus_V 0.1
expect "it reads the battery as it is; the front end alone is 1.2 V off" within 10 reads battery_V 0.1
# Not `always`: the contacts were timed on a plant whose sensors were told that it is dead.
expect "and is still there" controller_is_up
expect "no tick overran" controller 'overruns == 0 && missed_ticks == 0'
