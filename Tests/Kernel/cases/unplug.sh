# both bridges are unplugged and plugged in again, under new numbers
# from: running
# within: 300 s
# Whoever holds an adapter keeps its number taken.
before=$(bridge_bus SKERRY-BENCH-A)
exec 4<>"/dev/$before"

order unplug a
expect "bridge a gone: the coils drop" within 2 truth '!main_conducts'
expect "the controller knows" within 5 controller 'contactor != "closed"'
sleep 3
order replug a
expect "back: closed again" within 60 truth 'main_conducts'
figure "adapter before and after" "$before $(bridge_bus SKERRY-BENCH-A)"
expect "under another number" not equal "$before" "$(bridge_bus SKERRY-BENCH-A)"
exec 4>&-

closes=$(true_value main_closes)
expect "loads are on" truth 'load0_conducts'
order unplug b
expect "bridge b gone: its loads drop" within 2 truth '!load0_conducts'
sleep 3
expect "and nothing else" truth "main_conducts && main_closes == $closes"
order replug b
expect "back: the loads too" within 60 truth 'load0_conducts'
always
