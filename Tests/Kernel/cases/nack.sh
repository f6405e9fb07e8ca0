# the battery's meter stops answering: blind is not sound, so the contactor opens; and closes again
# from: running
from_now_on
order nack 0x40
expect "the contactor opens" within 3 truth '!main_conducts'
opened_after
expect "because the controller is blind" within 2 controller 'contactor_cause == "a channel is blind"'
expect "it says which part is lost" controller_said "$lost"
sleep 2
expect "and stays open" truth '!(main_conducts || main_coil)'
order ack 0x40
expect "the meter answers: closed again" within 60 truth 'main_conducts'
closed_after
expect "it says that the part is back" controller_said "$found"
always
