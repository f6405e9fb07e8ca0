# the bridge falls silent in mid-transfer: calls block for seconds, the tick does not
# from: running
# within: 900 s
before=$(controller_value ticks)
order hang a
expect "the contactor opens, by the controller or by the watchdog relay" \
    within 3 truth '!main_conducts'
opened_after
sleep 8
after=$(controller_value ticks)
figure "ticks while the bus hung" $((after - before))
expect "the tick went on" test $((after - before)) -ge 700
order heal a
# Eight seconds are more than the five after which `battery too hot` trips on a thermometer nobody
# can read; that stage wants to see a minute of sound readings before it lets the battery back.
expect "healed: closed again" within 90 truth 'main_conducts'
closed_after
always
