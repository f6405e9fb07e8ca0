"""The made-up site's past: history, summary, outages and events. An outage of five minutes each day at 13:20 UTC."""

import math
from datetime import datetime, timezone

import village

OUTAGE_AT_S, OUTAGE_S = 13 * 3600 + 1200, 312
FIRST_DAYS = 400


def is_grid(t):
    return not OUTAGE_AT_S <= t % 86400 < OUTAGE_AT_S + OUTAGE_S


def history(case, c, start, end, step, wanted, now):
    """As the hub answers: pieces of `step` seconds that have begun; the mill has a hole of two hours each day at 3:00 UTC."""
    t_s = []
    t = start if step != 900 else start - start % 900
    while t < min(end, now):
        if not (step == 900 and c["name"] == "mill" and 3 * 3600 <= t % 86400 < 5 * 3600):
            t_s.append(t)
        t += step
    samples = {1: [0], 900: [150, 450, 750]}.get(step, [3600 * n + 1800 for n in range(24)])
    mean, low, high, energy_in, energy_out = ({f: [] for f in wanted} for _ in range(5))
    meter_in, meter_out = [], []
    for t in t_s:
        rows = [village.record(c, t + s, case, is_grid(t + s)) for s in samples if t + s < now] or [village.record(c, t, case, True)]
        share_h = step / 3600 / len(samples)
        for f in wanted:
            values = [r[f] for r in rows if r.get(f) is not None]
            mean[f].append(sum(values) / len(values) if values else None)
            low[f].append(min(values) if values else None)
            high[f].append(max(values) if values else None)
            energy_in[f].append(sum(max(0, v) for v in values) * share_h if values else None)
            energy_out[f].append(sum(max(0, -v) for v in values) * share_h if values else None)
        meter_in.append(sum(max(0, r["active_W"]) for r in rows) * share_h)
        meter_out.append(sum(max(0, -r["active_W"]) for r in rows) * share_h)
    powers = [f for f in wanted if f in village.POWERS]
    answer = {"controller": c["name"], "step_s": step, "figures": wanted, "t_s": t_s, "mean": mean}
    if step > 1:
        answer.update(min=low, max=high, in_Wh={f: energy_in[f] for f in powers}, out_Wh={f: energy_out[f] for f in powers},
                      readings=[min(step, int(now - t)) for t in t_s], energy_in_Wh=meter_in, energy_out_Wh=meter_out)
    return answer


def outages(start, end):
    day = start - start % 86400
    found = []
    while day < end:
        at = day + OUTAGE_AT_S
        if start <= at < end:
            found.append({"from": village.iso(at), "to": village.iso(at + OUTAGE_S), "duration_s": OUTAGE_S, "cause": "grid lost" if len(found) % 2 == 0 else "opening (blind: gridA, gridB, gridC)",
                          "ridden_through": int(at / 86400) % 5 != 0})
        day += 86400
    return found


def summary(case, start, end, now):
    end = min(end, now)
    hours = max(0.0, (end - start) / 3600)
    return {"from": village.iso(start), "to": village.iso(end), "import_Wh": 310 * hours, "export_Wh": 120 * hours, "pv_Wh": 600 * hours,
            "wind_Wh": 400 * hours, "load_Wh": 1100 * hours, "ev_Wh": 90 * hours, "battery_in_Wh": 200 * hours, "battery_out_Wh": 180 * hours,
            "self_sufficiency": 0.74, "self_consumption": 0.88, "cost": hours * 0.0865, "currency": "EUR", "co2_g": 118 * hours,
            "covered": 0.98, "outages": [o for o in outages(start, end)]}


def events(case, start, end, who, limit):
    names = [c["name"] for c in village.controllers(case)]
    if not names:
        return []
    home = names[1] if len(names) > 1 else names[0]
    found = []
    for o in outages(start, end):
        at = int((village.datetime.fromisoformat(o["from"].replace("Z", "+00:00"))).timestamp())
        for after, name, kind, text in (
                (0.0, names[0], "trip", "UV tripped"), (0.03, names[0], "transition", "islanding switch: opening (UV)"),
                (0.07, names[0], "transition", "islanding switch: islanded: grid lost"), (0.08, home, "transition", "source: forming"),
                (2.5, home, "loads", "load groups on: 0, 1"), (40.2, home, "blind", "blind: busA"), (44.0, home, "blind", "sees again: busA"),
                (303.0, names[0], "transition", "islanding switch: resynchronising"), (312.0, names[0], "transition", "islanding switch: grid-tied"),
                (313.1, home, "loads", "load groups on: 0, 1, 2, 3"), (314.0, home, "contactor", "battery contactor: closed")):
            if at + after < end and (not who or name == who):
                found.append({"time": village.iso(at + after), "controller": name, "kind": kind, "text": text})
    found.sort(key=lambda e: e["time"], reverse=True)
    return found[:limit]


def turns(c, start, end, waves):
    """A hundred turns a second: three phases, a frequency that falls, and powers; or ten thousand samples of three waves."""
    rate = 10000 if waves else 100
    t = [k / rate for k in range(int(round((end - start) * rate)))]

    def series(name, unit, group, label, value):
        return {"name": name, "unit": unit, "group": group, "label": label, "values": [round(value(s), 4) for s in t]}

    phases = [series(f"bus.{p}", "V", "Voltage", f"bus {p}", lambda s, k=k: 230 + k + math.sin(2 * s)) for k, p in enumerate("abc")]
    if waves:
        phases += [series(f"wave.bus_{p}", "V", "Bus wave", f"bus_{p}", lambda s, k=k: 325 * math.sin(2 * math.pi * (50 * s - k / 3))) for k, p in enumerate("abc")]
    return {
        "controller": c["name"], "start": datetime.fromtimestamp(start, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "rate_Hz": 100, "missed_turns": 0, "t_s": t, "states": [], "events": [],
        "series": phases + [series("bus.frequency", "Hz", "Frequency", "bus", lambda s: 50 - s / 100),
                            series("active", "W", "Power", "active", lambda s: 1500 * math.cos(s))],
    }
