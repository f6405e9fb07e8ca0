# the kernel's watchdog is fed, ends the machine for a dead daemon, and is disarmed by an orderly end
# from: bench
# within: 600 s
# The watchdog of every kernel, told to speak where it would reset the machine.
insmod /lib/modules/watchdog.ko
insmod /lib/modules/softdog.ko soft_noboot=1
need "there is a watchdog" test -c /dev/watchdog
mkdir -p /run/skerry /run/skerry-state
cp -r /boards /run/boards
config=/run/boards/bench-cp2112
printf '\nservice:\n  watchdog: /dev/watchdog\n  watchdog_s: 3\n  black_box: {size_MiB: 4, captures_MiB: 1}\n' \
    >>$config/board.yaml
start_daemon() {
    skerryd --config $config --runtime /run/skerry --state /run/skerry-state 2>>/run/daemon.log &
    echo $! >/run/daemon.pid
}
said() { grep -q "$1" /run/daemon.log || { tail -3 /run/daemon.log; return 1; }; }
status() { skerry status --socket /run/skerry/bench-cp2112.sock | grep "$1"; }
triggered() { kernel_log | grep -i 'softdog: triggered'; }
forget_log() { dmesg -c >/dev/null; echo "<6>case watchdog" >/dev/kmsg; }

start_daemon
need "the main contactor conducts" within 60 truth 'main_conducts'
expect "its status names the watchdog" within 20 status 'watchdog  */dev/watchdog'
sleep 7
expect "fed for twice its time, it has nothing to say" not triggered

kill -KILL "$(cat /run/daemon.pid)"
expect "silence of a killed daemon is the end of the machine" within 10 triggered
expect "and by then the contactor is open" truth '!main_conducts'

forget_log
start_daemon
need "armed again" within 60 truth 'main_conducts'
kill -TERM "$(cat /run/daemon.pid)"
need "gone, with everything proved at rest" within 20 said 'ended; outputs at rest'
sleep 5
expect "silence after an orderly end is meant" not triggered
