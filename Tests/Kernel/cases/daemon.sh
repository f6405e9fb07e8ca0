# the daemon on real drivers: armed after its self-test, asked, read again, killed, gone on from, ended
# from: bench
# kernels: 6.12
# within: 600 s
mkdir -p /run/skerry /run/skerry-state
cp -r /boards /run/boards
config=/run/boards/bench-cp2112
printf '\nservice:\n  restart: take_over\n  take_over_within_s: 10\n  black_box: {size_MiB: 4, captures_MiB: 1}\n' \
    >>$config/board.yaml
start_daemon() {
    skerryd --config $config --runtime /run/skerry --state /run/skerry-state 2>>/run/daemon.log &
    echo $! >/run/daemon.pid
}
daemon_is_up() { kill -0 "$(cat /run/daemon.pid)"; }
said() { grep -q "$1" /run/daemon.log || { tail -3 /run/daemon.log; return 1; }; }
status() { skerry status --socket /run/skerry/bench-cp2112.sock | grep "$1"; }

start_daemon
expect "nothing is closed while its inputs are looked at" truth '!(main_coil || main_conducts)'
need "armed" within 60 said '^armed$'
need "the main contactor conducts" within 30 truth 'main_conducts'
need "the converter runs" within 10 truth 'converter_runs'
expect "its status says so" within 20 status 'contactor  *closed'
figure "resident, kB" "$(awk '/VmRSS/ { print $2 }' /proc/$(cat /run/daemon.pid)/status)"

sed -i 's/rate_Hz: 100 /rate_Hz: 200 /' $config/board.yaml
kill -HUP "$(cat /run/daemon.pid)"
expect "another rate is refused until a restart, by name" within 10 said 'not before a restart: controller.rate_Hz'
sed -i 's/rate_Hz: 200 /rate_Hz: 100 /' $config/board.yaml

order forget
kill -KILL "$(cat /run/daemon.pid)"
start_daemon
expect "killed and started again, it goes on where it was" within 60 said 'goes on at tick'
expect "and the converter runs" within 60 truth 'main_conducts && converter_runs'
report "\"restart\":$(bench state)"

order forget
kill -TERM "$(cat /run/daemon.pid)"
expect "asked to end: open" within 10 truth '!(main_conducts || main_coil)'
expect "gone, with everything proved at rest" within 20 said 'ended; outputs at rest'
expect "what was recorded is there" test -s /run/skerry-state/bench-cp2112/ring.skbb
expect "it never closed onto a link more than 10 V away" truth 'blind_closes == 0'
