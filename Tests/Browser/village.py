"""A made-up site for the page's tests: every figure is a function of time, the case, and whether the grid is there."""

import math
from datetime import datetime, timezone

CASES = ("village", "nulls", "many", "names", "megawatts", "bare", "nocoupling", "dc", "silent", "alarms", "empty", "der")
POWERS = ("pv_W", "wind_W", "battery_W", "ev_W", "load_W")


def iso(t):
    return datetime.fromtimestamp(t, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def controller(name, kind, has=(), battery_Wh=None, reserve=None):
    c = {"name": name, "kind": kind, "has": list(has)}
    if battery_Wh:
        c.update(battery_Wh=battery_Wh, reserve=reserve)
    return c


def controllers(case):
    pcc = controller("pcc", "coupling")
    homes = [
        controller("mill", "home", ("battery", "pv", "wind"), 10000, 0.2),
        controller("smithy", "home", ("battery",), 15000, 0.2),
        controller("school", "home", ("battery", "pv"), 8000, 0.3),
        controller("inn", "home", ("battery", "pv", "ev"), 20000, None),
    ]
    if case == "many":
        homes = [controller(f"home{n + 1}", "home", ("battery", "pv") if n % 2 else ("battery", "pv", "wind", "ev"), 10000, 0.2)
                 for n in range(12)]
    if case == "names":
        for c, name in zip(homes, ("Donaudampfschifffahrtsgesellschaftskapitänshaus", "the old smithy behind the church and the second bridge",
                                   "école-élémentaire-de-Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson", "x" * 64)):
            c["name"] = name
    if case == "bare":
        return [pcc, controller("hall", "home")]
    if case == "dc":
        return [controller("hut", "nanogrid", ("battery", "pv"), 4800, 0.3)]
    if case == "der":
        return [controller("roof", "der", ("pv",))]
    if case == "empty":
        return []
    return homes if case == "nocoupling" else [pcc, *homes]


def site(case):
    return {
        "title": "Mill village" if case != "names" else "Samtgemeinde Oberneuhausen-Niederkirchenbach am Großen Skerry",
        "version": "0.1.0", "timezone": "Europe/Berlin", "currency": "EUR", "frequency_Hz": 50,
        "voltage_V": 48 if case == "dc" else 230,
        "tariff": {"import_per_kWh": 0.31, "export_per_kWh": 0.08, "source": "tariff of the board file"},
        "intensity": {"grid_g_per_kWh": 380, "source": "national mean of 2024"},
        "controllers": controllers(case),
    }


def share(text):
    """A number 0 ... 1 that belongs to a name."""
    return sum(ord(c) * (n + 7) for n, c in enumerate(text)) % 97 / 97


def figures(c, t, case):
    """The history's figures of a controller at a time; powers positive into the bus."""
    scale = 2000.0 if case == "megawatts" else 1.0
    hour = (t / 3600 + 1) % 24
    phase, day = share(c["name"]), math.floor(t / 86400) % 9
    sun = max(0.0, math.sin((hour - 6.5) / 11 * math.pi)) if 6.5 < hour < 17.5 else 0.0
    f = {}
    if "pv" in c["has"]:
        f["pv_W"] = scale * 4000 * sun * (0.45 + 0.06 * day) * (0.95 + 0.05 * math.sin(t / 700 + phase))
    if "wind" in c["has"]:
        f["wind_W"] = scale * max(0.0, 900 + 800 * math.sin(t / 9000 + phase) + 100 * math.sin(t / 37))
    if "ev" in c["has"]:
        f["ev_W"] = -3700 * scale if 18 <= hour < 21 else 0.0
    if c["kind"] in ("home", "nanogrid"):
        f["load_W"] = -scale * (350 + 500 * phase + 700 * math.exp(-(((hour - 19) / 2.5) ** 2)) + 300 * math.exp(-(((hour - 7.5) / 1.5) ** 2))
                                + 30 * math.sin(t / 11 + 6 * phase))
    if "battery" in c["has"]:
        rest = sum(f.get(k, 0.0) for k in POWERS)
        f["battery_W"] = -0.7 * rest
        f["state_of_charge"] = 0.55 + 0.3 * math.sin((hour - 11) / 24 * 2 * math.pi) + 0.05 * phase
        f["battery_V"] = 50 + 3 * f["state_of_charge"]
        f["battery_degC"] = 21 + 2 * phase
    return f


def record(c, t, case, grid):
    """Every figure of the history, the connection's too."""
    f = figures(c, t, case)
    f["bus_Hz"] = (50.0 if grid else 50.15) + 0.02 * math.sin(t / 13 + 2 * share(c["name"]))
    f["bus_V"] = 48.2 + 0.3 * math.sin(t / 9) if c["kind"] == "nanogrid" else 230.0 + 1.5 * math.sin(t / 21)
    if c["kind"] == "coupling":
        whole = sum(figures(h, t, case).get(k, 0.0) for h in controllers(case) for k in POWERS)
        f["active_W"] = -whole if grid else 0.0
        f["grid_V"], f["grid_Hz"] = (231.0, 50.0) if grid else (0.0, None)
    else:
        f["active_W"] = sum(f.get(k, 0.0) for k in POWERS)
    f["reactive_var"] = 120.0
    return f


def nulled(x):
    """The same shape, every figure and state unknown."""
    if isinstance(x, dict):
        return {k: v if k in ("name", "kind", "time") else nulled(v) for k, v in x.items()}
    return [nulled(v) for v in x] if isinstance(x, list) else None


def snapshot(case, t, grid, since, started):
    """One snapshot. `grid`: the grid is there; `since`: the time it has been so."""
    all_controllers = controllers(case)
    now = {c["name"]: record(c, t, case, grid) for c in all_controllers}
    tick = int((t - started) * 1000)
    said = []
    pcc = next((c for c in all_controllers if c["kind"] == "coupling"), None)
    for c in all_controllers:
        f, lost = now[c["name"]], case == "silent" and c["name"] in ("mill", "school")
        volt, hz = f["bus_V"], f["bus_Hz"]
        dc = c["kind"] == "nanogrid"
        p, q = f["active_W"], f["reactive_var"]
        s = math.hypot(p, q)
        coupled = c["kind"] == "coupling"
        said.append({
            "name": c["name"], "kind": c["kind"], "link": "silent" if lost else "connected", "link_words": "",
            "age_s": 12.0 + (t - started) if lost else 0.04, "tick": tick, "rate_Hz": 1000, "missed_ticks": 0, "refused_setpoints": 0,
            "grid": {"presence": "live" if grid else "dead", "voltage_V": 231.0 if grid else 0.3, "frequency_Hz": 50.0 if grid else None} if coupled else None,
            "bus": None if dc else {
                "presence": "live", "voltage_V": volt, "negative_V": 0.4, "frequency_Hz": hz, "rocof_Hz_per_s": 0.01,
                "active_W": p, "reactive_var": q, "apparent_VA": s, "power_factor": p / s if s else None,
                "phases_V": [volt - 0.3, volt + 0.2, volt], "currents_A": [s / volt / 3, s / volt / 3 * 1.02, s / volt / 3 * 0.97],
                "phase_deg": 12.5 * math.sin(t / 5) if coupled and grid else None, "distortion": 0.012},
            "dc_bus_V": volt if dc else None,
            "islanding": {"code": "gridTied" if grid else "islanded", "words": "grid-tied" if grid else "islanded: grid lost",
                          "cause": "" if grid else "UV"} if coupled else None,
            "source": {"code": "following" if grid else "forming", "words": "following" if grid else "forming"} if c["kind"] == "home" else None,
            "der": {"code": "continuous", "words": "continuous operation"} if c["kind"] == "der" else None,
            "contactor": {"code": "closed", "words": "closed"} if "battery" in c["has"] else None,
            "sync": {"angle_deg": 3.1 if grid else 360 * ((t / 8) % 1) - 180, "slip_Hz": 0.01 if grid else 0.15, "voltage_V": 1.2,
                     "permit": "granted" if grid else "slip"} if coupled else None,
            "battery_V": f.get("battery_V"), "battery_W": f.get("battery_W"), "battery_degC": f.get("battery_degC"),
            "state_of_charge": f.get("state_of_charge"), "pv_W": f.get("pv_W"), "wind_W": f.get("wind_W"), "ev_W": f.get("ev_W"),
            "load_W": f.get("load_W"), "loads": [True, True, grid, grid] if c["kind"] == "home" else [],
            "blind": ["bus voltage"] if case == "alarms" and c["name"] == "inn" else [],
            "tripped": ["UV"] if case == "alarms" and c["name"] == "mill" else [], "energy_in_Wh": 120.5 + tick / 1e4, "energy_out_Wh": 80.1,
            "status": [["wake p99", "35 us"], ["turns", str(tick)]],
        })

    def whole(figure):
        parts = [now[c["name"]][figure] for c in all_controllers if figure in now[c["name"]]]
        return sum(parts) if parts else None

    batteries = [(c["battery_Wh"], now[c["name"]]["state_of_charge"]) for c in all_controllers if c.get("battery_Wh")]
    room = sum(b for b, _ in batteries)
    charge = sum(b * s for b, s in batteries) / room if room else None
    battery = whole("battery_W")
    first = now[all_controllers[0]["name"]] if all_controllers else {}
    alarms = []
    if case == "alarms":
        alarms = [{"controller": "mill", "level": "alarm", "code": "tripped", "words": "mill tripped: under-voltage"},
                  {"controller": "inn", "level": "warning", "code": "blind", "words": "inn is blind: bus voltage"}]
    if case == "silent":
        alarms = [{"controller": "mill", "level": "warning", "code": "silent", "words": "no word from mill"}]
    ac = case not in ("dc", "empty")
    whole_snapshot = {
        "time": iso(t),
        "site": {
            "is_islanded": (not grid) if pcc else None, "islanding": ("gridTied" if grid else "islanded") if pcc else None,
            "islanding_words": ("grid-tied" if grid else "islanded: grid lost") if pcc else "", "in_state_s": t - since,
            "frequency_Hz": first.get("bus_Hz") if ac else None, "voltage_V": first.get("bus_V"),
            "grid_frequency_Hz": 50.0 if grid and pcc else None, "grid_voltage_V": (231.0 if grid else 0.3) if pcc else None,
            "grid_presence": ("live" if grid else "dead") if pcc else None,
            "grid_W": now[pcc["name"]]["active_W"] if pcc else None,
            **{k: whole(k) for k in POWERS}, "state_of_charge": charge,
            "battery_lasts_s": charge * room / battery * 3600 if battery and battery > 5 else None,
            "battery_full_in_s": (1 - charge) * room / -battery * 3600 if battery and battery < -5 else None,
            "alarms": alarms,
        },
        "controllers": said,
    }
    if case == "nulls":
        return nulled(whole_snapshot)
    return whole_snapshot
