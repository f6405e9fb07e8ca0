# the main contactor welds: found at the next opening, and never closed on again
# from: running
order relay main_contactor weld
# Something that opens it.
order nack 0x40
expect "the coil is let go" within 3 truth '!main_coil'
expect "the contactor does not follow" truth 'main_conducts'
expect "the controller knows" within 5 controller 'contactor == "welded"'
figure "called welded after, s" "$(true_value 'time_s - ordered_s')"
expect "the converter is off" within 5 truth '!converter_runs'
order ack 0x40
sleep 10
expect "the coil is never fed again" truth '!(main_coil || pre_charge_coil)'
expect "the controller still knows" controller 'contactor == "welded"'
always
