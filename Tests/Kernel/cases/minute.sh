# 60 s at 100 Hz with four channels: no overrun, and the histogram
# from: running
# within: 400 s
order forget
ticks=$(controller_value ticks)
transfers=$(true_value bridge_a_transfers)
sleep 60
ticks=$(($(controller_value ticks) - ticks))
transfers=$(($(true_value bridge_a_transfers) - transfers))
figure "ticks" $ticks
figure "transfers of bridge a" $transfers
for member in cycle_p50_us cycle_p99_us cycle_max_us wake_p50_us wake_p99_us wake_max_us; do
    figure "$member" "$(controller_value $member)"
done
expect "a hundred ticks a second" test $ticks -ge 5990 -a $ticks -le 6010
expect "each channel read a hundred times a second" test $transfers -ge $((4 * 6000))
expect "not one transfer failed" truth 'bridge_a_failures == 0'
expect "nothing moved" truth 'main_conducts && main_closes == 1 && watchdog_drops == 0'
always
