# the controller is killed and started again; asked to end, it opens by itself
# from: running
drops=$(true_value watchdog_drops)
order forget
end_controller KILL
expect "killed: the watchdog relay lets go of the coils" within 2 truth '!main_conducts'
opened_after
expect "it was the relay" truth "watchdog_drops == $drops + 1"
# What no program holds drives on: lines keep their level until the next one asks.
sleep 2
order forget
start_controller
expect "started again: closed again" within 30 truth 'main_conducts'
closed_after

order forget
end_controller TERM
sleep 0.3
expect "asked to end: open before the watchdog relay could" truth '!(main_conducts || main_coil)'
opened_after "asked to end: "
expect "and gone" within 5 not controller_is_up
start_controller
expect "once more" within 30 truth 'main_conducts'
always
