# the grid goes and comes back; the bus does not notice
# from: running
order forget
order outage
sleep 5
expect "the bus was never dead" truth 'longest_dead_s == 0 && least_bus_V > 38.4'
expect "the battery carries it" truth 'converter_A > 0 && rectifier_A < 0.1'
order restore
sleep 5
expect "the rectifier carries it again" truth 'rectifier_A > 0'
expect "the bus was never dead in between" truth 'longest_dead_s == 0'
expect "no contactor moved" truth 'main_conducts && main_closes == 1 && hot_opens == 0'
figure "least bus voltage, V" "$(true_value least_bus_V)"
always
