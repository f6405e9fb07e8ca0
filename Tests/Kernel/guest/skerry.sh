# The product as a case sees it: one place for its verbs, the bench's orders, and the names in what
# both sides say. What is true comes from the bench; what the controller believes, from its lines.
board=/boards/bench-cp2112
orders=/run/skerry-bench.sock
controller_lines=/run/controller.jsonl
controller_log=/run/controller.log

# start_bench [ARGUMENT...]: until two bridges with their adapters and lines are there.
start_bench() {
    skerry bench --board $board "$@" >/run/bench.log 2>&1 &
    echo $! >/run/bench.pid
    need "the bench hears orders" within 20 bench state
    need "the kernel has bridge a" within 10 bridge_bus SKERRY-BENCH-A
    need "the kernel has bridge b" within 10 bridge_bus SKERRY-BENCH-B
}

# bench ORDER...: as `skerry bench` knows them; `help` lists them. Prints the answer.
bench() {
    local answer
    answer=$(ask $orders "$@") || { cat /run/bench.log; return 1; }
    echo "$answer"
    case $answer in error:*) return 1 ;; esac
}
order() { need "the bench obeys: $*" bench "$@"; }

# holds EXPRESSION, value EXPRESSION: of a flat JSON object on the input. The expression is awk's; the
# object's members are its variables, true is 1 and false 0. (jq takes a second to start in here.)
members='s/"([A-Za-z0-9_]+)":/\1=/g; s/,([A-Za-z0-9_]+=)/; \1/g; s/^\{//; s/\}$//
    s/=true/=1/g; s/=false/=0/g; s/=null/="null"/g'
holds() { awk "BEGIN { $(sed -E "$members"); exit !($1) }" </dev/null; }
value() { awk "BEGIN { $(sed -E "$members"); print $1 }" </dev/null; }

# truth EXPRESSION: holds for what is true on the bench now. Its names: bus_V battery_A link_V
# converter_A converter_runs rectifier_A grid_present pre_charge_coil main_coil main_conducts
# load0_conducts watchdog_supplies watchdog_drops main_closes blind_closes worst_close_V hot_opens
# dead_s longest_dead_s least_bus_V bridge_a_transfers ...
truth() {
    local state
    state=$(bench state) && echo "$state" | holds "$1" || { echo "$state"; return 1; }
}
# true_value EXPRESSION: prints it.
true_value() { bench state | value "$1"; }

# opened_after [WHAT], closed_after [WHAT]: from the last order to the main contacts' parting or touch,
# by the plant's own millisecond.
opened_after() { figure "${1}open after, s" "$(true_value 'opened_s - ordered_s')"; }
closed_after() { figure "${1}closed again after, s" "$(true_value 'closed_s - ordered_s')"; }

# start_controller [ARGUMENT...]
start_controller() {
    skerry run $board --json --every 100ms "$@" >$controller_lines 2>$controller_log &
    echo $! >/run/controller.pid
}
controller_is_up() { kill -0 "$(cat /run/controller.pid)"; }
# end_controller SIGNAL
end_controller() { kill "-$1" "$(cat /run/controller.pid)"; }

# The controller's lines are flat JSON objects. Those with the member `contactor` say how it stands,
# ten a second at most and at every change: contactor contactor_cause bus_V ticks overruns
# missed_ticks cycle_p50_us cycle_p99_us cycle_max_us wake_p50_us wake_p99_us wake_max_us. Those with
# `part` say that a bus, chip or line was lost or found: part text recovered.

# controller EXPRESSION: holds for the newest line about how it stands.
controller() {
    local line
    line=$(newest) && echo "$line" | holds "$1" ||
        { echo "${line:-the controller said nothing}"; tail -3 $controller_log; return 1; }
}
controller_value() { newest | value "$1"; }
newest() { tail -n 50 $controller_lines | grep '"contactor":.*}$' | tail -1 | grep .; }
# controller_said PATTERN: in any of its lines since `from_now_on`.
controller_said() {
    tail -n "+$((seen + 1))" $controller_lines | grep "$1" || { tail -n 3 $controller_lines; return 1; }
}
seen=0
from_now_on() { seen=$(wc -l <$controller_lines); }
lost='"part":.*"recovered":false'
found='"part":.*"recovered":true'

# What holds in every case whatever the fault: checked at the end of each that ran the controller.
always() {
    expect "it never closed onto a link more than 10 V away" truth 'blind_closes == 0'
    expect "and is still there" controller_is_up
    expect "no tick overran" controller 'overruns == 0 && missed_ticks == 0'
    report "\"truth\":$(bench state)"
    local line
    line=$(newest) && report "\"controller\":$line"
}
