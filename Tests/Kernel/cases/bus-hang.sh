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
# Eight seconds are more than the five after which the stage `battery too hot` acts on a thermometer
# nobody can read. That is blindness: it ends ten seconds after it sees, not after the minute of sound
# readings that hot cells need. Forty leave room for the chips' pauses and the pre-charge.
expect "because the controller is blind" controller 'contactor_cause == "a channel is blind"'
expect "healed: closed again" within 40 truth 'main_conducts'
closed_after
always
