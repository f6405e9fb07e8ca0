# the link is charged through the resistor first, and the contactor closes onto a small step
# from: bench
expect "the link is empty" truth 'link_V < 5'
start_controller
expect "pre-charge comes first" within 10 truth 'pre_charge_coil && !main_coil'
expect "then the contactor" within 10 truth 'main_conducts'
expect "pre-charge lets go" within 2 truth '!pre_charge_coil'
expect "closed once, within a tenth of the battery's voltage" truth 'main_closes == 1 && worst_close_V < 5.2'
figure "voltage across it when it closed, V" "$(true_value worst_close_V)"
always
