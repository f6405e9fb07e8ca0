# a chip that is not what the board's file says is not believed
# from: bench
order identity 0x40 0x1234
start_controller
expect "it says which part is a stranger" within 10 controller_said "$lost"
sleep 10
expect "nothing is closed" truth 'main_closes == 0 && !(main_coil || pre_charge_coil)'
order identity 0x40 clear
expect "the right chip: closed" within 60 truth 'main_conducts'
closed_after
always
