# the controller finds its chips, beats its heart, and closes by itself
# from: bench
before=$(now_ms)
start_controller
expect "the watchdog relay feeds the coils" within 5 truth 'watchdog_supplies'
expect "the main contactor conducts" within 20 truth 'main_conducts'
figure "from start to closed, ms" $(($(now_ms) - before))
expect "the converter follows" within 5 truth 'converter_runs'
expect "the controller says so" within 2 controller 'contactor == "closed"'
expect "its bus voltage is the true one, to 0.2 V" \
    controller "(bus_V - $(true_value bus_V)) ^ 2 < 0.04"
expect "the watchdog relay never dropped" truth 'watchdog_drops == 0'
always
