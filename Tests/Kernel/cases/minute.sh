# 60 s at 100 Hz with four channels: no overrun, and the histogram
# from: running
# within: 900 s
order forget
# The controller's time is its ticks over a hundred; the bench has a clock of its own. Both are read
# as soon as a line is new: a line comes every tenth of a second.
fresh() {
    local old
    old=$(newest)
    until [ "$(newest)" != "$old" ]; do :; done
    echo "$(controller_value time_s) $(true_value time_s)"
}
set -- $(fresh)
transfers=$(true_value bridge_a_transfers)
sleep 60
set -- "$@" $(fresh)
ticks=$(echo "$@" | awk '{ printf "%d", ($3 - $1) * 100 + 0.5 }')
rate_Hz=$(echo "$@" | awk '{ print ($3 - $1) * 100 / ($4 - $2) }')
transfers=$(($(true_value bridge_a_transfers) - transfers))
figure "ticks" $ticks
figure "ticks a second" "$rate_Hz"
figure "transfers of bridge a" $transfers
for member in cycle_p50_us cycle_p99_us cycle_max_us wake_p50_us wake_p99_us wake_max_us; do
    figure "$member" "$(controller_value $member)"
done
expect "a minute of ticks" test $ticks -ge 5990
expect "a hundred a second, to one in a thousand" \
    test "$(echo "$rate_Hz" | awk '{ print ($1 > 99.9 && $1 < 100.1) }')" = 1
expect "each channel read a hundred times a second" test $transfers -ge $((4 * 6000))
expect "not one transfer failed" truth 'bridge_a_failures == 0'
expect "nothing moved" truth 'main_conducts && main_closes == 1 && watchdog_drops == 0'
always
