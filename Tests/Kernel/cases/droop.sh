# a load step on the island: the bus follows the droop line of the board's file
# from: running
droop_ohm=$(sed -nE 's/.*droop_ohm: *([0-9.]+).*/\1/p' $board/board.yaml | head -1)
figure "droop of the board's file, ohm" "$droop_ohm"
order outage
order sun 0
order load critical 100
sleep 3
light="$(true_value bus_V) $(true_value converter_A)"
order forget
order load critical 500
sleep 3
heavy="$(true_value bus_V) $(true_value converter_A)"
figure "bus V and converter A at 100 W" "$light"
figure "bus V and converter A at 500 W" "$heavy"
slope=$(echo "$light $heavy" | awk '{ print ($1 - $3) / ($4 - $2) }')
figure "fall of voltage by current, ohm" "$slope"
# The fuller battery gives more: the file's droop is that at half charge. 10 mohm of cable lie
# between the converter and the bus.
law=$(true_value "$droop_ohm * 0.5 / charge + 0.01")
expect "is the droop and the cable, $law ohm, to a twentieth" \
    test "$(echo "$slope $law" | awk '{ d = $1 / $2 - 1; print (d < 0.05 && d > -0.05) }')" = 1
expect "the bus stays above 80 % of nominal" truth 'least_bus_V > 38.4'
expect "the contactor stays closed" truth 'main_conducts && main_closes == 1'
always
