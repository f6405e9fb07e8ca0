# the virtual board is plugged in; no controller runs
# from: boot
start_bench
expect "nothing is energised yet" truth '!(main_coil || main_conducts || converter_runs)'
