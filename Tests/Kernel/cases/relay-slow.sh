# a contactor that needs 250 ms: the controller believes the contact, not its order
# from: bench
order relay main_contactor slow 250
start_controller
from=$(now_ms)
wrong=0
while [ $(($(now_ms) - from)) -lt 15000 ]; do
    # The lines come after the fact: a contact that has opened since is no lie.
    if controller 'contactor == "closed"' >/dev/null; then
        truth 'main_conducts' >/dev/null || wrong=$((wrong + 1))
    fi
    sleep 0.1
done
figure "contactor after 15 s" "$(controller_value contactor) ($(controller_value contactor_cause))"
expect "it never said closed of an open contactor" test $wrong = 0
expect "it is closed, or known not to have closed in time" \
    controller 'contactor == "closed" || contactor_cause == "contact failed to close"'
always
