# the main contactor does not pull in: the coil is let go, and the controller does not believe itself
# from: bench
order relay main_contactor stuck
order forget
start_controller
expect "the controller knows" within 30 controller 'contactor_cause == "contact failed to close"'
figure "known after the start, s" "$(true_value 'time_s - ordered_s')"
expect "it was tried" truth 'main_closes == 0'
expect "the coil is let go" within 2 truth '!main_coil'
expect "it never said closed" not controller_said '"contactor":"closed"'
expect "the converter was never let run" truth '!converter_runs'
always
