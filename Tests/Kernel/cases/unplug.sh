# both bridges are unplugged and plugged in again, one after the other
# from: running
# within: 900 s
before=$(bridge_bus SKERRY-BENCH-A)
order unplug a
expect "bridge a gone: the coils drop" within 2 truth '!main_conducts'
opened_after
expect "the controller knows" within 5 controller 'contactor != "closed"'
sleep 3
order replug a
# The kernel ends an unplugged adapter only when the last program that holds it lets go.
expect "the controller let go of the old adapter, and there is a new one" \
    within 10 bridge_bus SKERRY-BENCH-A
expect "back: closed again" within 60 truth 'main_conducts'
closed_after
figure "adapter before and after" "$before $(bridge_bus SKERRY-BENCH-A)"

closes=$(true_value main_closes)
expect "loads are on" truth 'load0_conducts'
order unplug b
expect "bridge b gone: its loads drop" within 2 truth '!load0_conducts'
sleep 3
expect "and nothing else" truth "main_conducts && main_closes == $closes"
order replug b
expect "back: the loads too" within 60 truth 'load0_conducts'
always
