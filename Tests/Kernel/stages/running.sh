# the controller runs on the virtual board, contactor closed, converter on
# from: bench
start_controller
need "the main contactor conducts" within 20 truth 'main_conducts'
need "the converter runs" within 5 truth 'converter_runs'
need "the controller knows" within 5 controller 'contactor == "closed"'
sleep 3
need "and it stays so" truth 'main_conducts && converter_runs'
