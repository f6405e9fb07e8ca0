"""A trace through the controller, with the plant of Tests/Partner behind it."""

from bench import Bench
from outcome import Outcome, Sampler


def run(bench, trace):
    settings = {**Bench.QUICK, **trace.settings}
    bench.reset(settings, available=trace.available)
    bench.grid(v=1.0, f=60.0, angle_deg=0)
    for _ in range(100):
        bench.run(0.1, step=0.05)
        if bench.on:
            break
    bench.run(1.6, step=0.05)
    if trace.kind == "support":
        bench.wait(40, step=0.5)
    if trace.shift_ticks:
        bench.run(trace.shift_ticks * bench.tick_s, step=trace.shift_ticks * bench.tick_s)
    outcome = Outcome()
    if not bench.on:
        outcome.states.add("not in service")
        return outcome
    origin = bench.time
    for segment in trace.segments:
        start = bench.time
        row = len(bench.log.t)
        if segment.is_ramp:
            bench.ramp(segment.duration_s, v=segment.phases[0], f=segment.frequency_Hz, step=0.01)
        else:
            bench.grid(phases=segment.phases, f=segment.frequency_Hz)
            dense = min(segment.duration_s, 0.6)
            bench.run(dense, step=0.01)
            while start + segment.duration_s - bench.time > 0.2:
                left = start + segment.duration_s - bench.time - 0.12
                if trace.response:
                    bench.run(left, step=max(0.02, min(0.25, trace.response[1] / 50)))
                else:
                    bench.wait(left, step=0.25 if left < 20 else 2.0)
                if not bench.enabled:
                    bench.run(0.02)
                    break
            left = start + segment.duration_s - bench.time
            if left > bench.tick_s / 2 and bench.enabled:
                bench.run(left, step=0.01)
        tripped = bench.tripped_after(start)
        if tripped is not None:
            outcome.trip(start + tripped - origin)
            return outcome
        sampler = Sampler(segment, start)
        log = bench.log
        for k in range(row, len(log.t)):
            sampler.see(log.t[k], log.p[k], log.q[k])
        outcome.samples.append(sampler.done(bench.time, trace.response if segment is trace.segments[-1] else None))
    return outcome
