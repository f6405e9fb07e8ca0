# the controller finds its chips, beats its heart, and closes by itself
# from: bench
before=$(now_ms)
start_controller
need "the watchdog relay feeds the coils" within 5 truth 'watchdog_supplies'
need "the main contactor conducts" within 20 truth 'main_conducts'
figure "from start to closed, ms" $(($(now_ms) - before))
expect "the converter follows" within 5 truth 'converter_runs'
expect "the controller says so" within 2 controller 'contactor == "closed"'
expect "its bus voltage is the true one, to 0.2 V" \
    controller "(d = bus_V - $(true_value bus_V)) < 0.2 && d > -0.2"
expect "the watchdog relay never dropped" truth 'watchdog_drops == 0'
always
