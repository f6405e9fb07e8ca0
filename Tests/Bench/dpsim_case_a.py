# SPDX-License-Identifier: Apache-2.0
"""What a step of the reference case A costs in DPsim: a peer of Plant's waveform fidelity.

N grid-forming inverters (SSN_GFM, 17 states each: virtual synchronous swing, Q-V droop, cascaded
loops, LC filter) share one RX load over series R-L lines, islanded; three phases, EMT.

Origin: written for this project; DPsim itself (sogno-platform/dpsim, MPL-2.0) is used as it comes
from `pip install dpsim==1.4.0`, its C++ core doing all the work that is timed.
Arguments: N (2), simulated seconds (2), step in us (50), runs (3). The last line printed is us a
step (CPU), the best of the runs; no logger is attached. stderr: where it ended.
"""
import os
import sys
import tempfile
import time

import dpsimpy as D
import numpy as np

os.chdir(tempfile.mkdtemp())
a = sys.argv[1:]
N = int(a[0]) if a else 2
T = float(a[1]) if len(a) > 1 else 2.0
DT = (float(a[2]) if len(a) > 2 else 50) * 1e-6
RUNS = int(a[3]) if len(a) > 3 else 3

VLL, VPK, W = np.sqrt(3) * 220, np.sqrt(2) * 220, 2 * np.pi * 50
P0, LOADP, LOADQ, DQ, QC = 6000.0, 15000.0, 6000.0, 5e-4, 31.4
UNITS = [
    dict(D=100.0 * (1 + k % 2), J=0.02, Rl=0.1 * (1 + k % 2), Ll=2e-3 * (1 + 0.5 * (k % 2)))
    for k in range(N)
]
three = D.Math.single_phase_parameter_to_three_phase
three_power = D.Math.single_phase_power_to_three_phase


def power_flow(name, load_p, load_q):
    """Where the EMT simulation starts from."""
    ph1 = D.sp.ph1
    ends = [D.sp.SimNode(f"n{k}", D.PhaseType.Single) for k in range(N)]
    load_node = D.sp.SimNode("nL", D.PhaseType.Single)
    parts = []
    for k in range(N):
        source = ph1.NetworkInjection(f"S{k}")
        source.set_parameters(VLL)
        source.set_base_voltage(VLL)
        source.modify_power_flow_bus_type(D.PowerflowBusType.VD)
        source.connect([ends[k]])
        line = ph1.PiLine(f"L{k}")
        line.set_parameters(UNITS[k]["Rl"], UNITS[k]["Ll"], 0.0)
        line.set_base_voltage(VLL)
        line.connect([ends[k], load_node])
        parts += [source, line]
    load = ph1.Load("LD")
    load.set_parameters(load_p, load_q, VLL)
    load.connect([load_node])
    parts.append(load)
    system = D.SystemTopology(50.0, ends + [load_node], parts)
    sim = D.Simulation(name + "pf")
    sim.set_system(system)
    sim.set_time_step(1.0)
    sim.set_final_time(1.0)
    sim.set_domain(D.Domain.SP)
    sim.set_solver(D.Solver.NRP)
    sim.set_solver_component_behaviour(D.SolverBehaviour.Initialization)
    sim.do_init_from_nodes_and_terminals(False)
    sim.run()
    return system


def build(run):
    name = f"g{run}"
    D.Logger.set_log_dir("l" + name)
    load_p, load_q = LOADP * N / 2, LOADQ * N / 2
    start = power_flow(name, load_p, load_q)
    ph3 = D.emt.ph3
    ends = [D.emt.SimNode(f"n{k}", D.PhaseType.ABC) for k in range(N)]
    mids = [D.emt.SimNode(f"m{k}", D.PhaseType.ABC) for k in range(N)]
    load_node = D.emt.SimNode("nL", D.PhaseType.ABC)
    parts, formers = [], []
    for k, u in enumerate(UNITS):
        former = ph3.SSN_GFM(f"G{k}", f"G{k}")
        wv, wi, lf, cf, rf = 1500.0, 8000.0, 3e-3, 20e-6, 0.05
        former.set_parameters(
            lf, cf, rf, 0.05, VPK, W, P0, 0.0, u["J"], u["D"], 1 / 15.0, 0.3,
            2 * wv * cf / np.sqrt(2), wv**2 * cf, wi * lf, wi * rf, 0.0, 100.0, 20e3 / 1.5)
        former.set_numerical_linearization_parameters(1e-6, 1e-8)
        former.set_reactive_power_droop(DQ, QC)
        former.set_grid_current_feedforward(0.7)
        former.connect([D.emt.SimNode.gnd, ends[k]])
        resistor = ph3.Resistor(f"R{k}")
        resistor.set_parameters(three(u["Rl"]))
        resistor.connect([ends[k], mids[k]])
        inductor = ph3.Inductor(f"I{k}")
        inductor.set_parameters(three(u["Ll"]))
        inductor.connect([mids[k], load_node])
        formers.append(former)
        parts += [former, resistor, inductor]
    load = ph3.RXLoad("LD")
    load.set_parameters(three_power(load_p), three_power(load_q), VLL)
    load.connect([load_node])
    parts.append(load)
    system = D.SystemTopology(50.0, ends + mids + [load_node], parts)
    system.init_with_powerflow(start, D.Domain.EMT)
    sim = D.Simulation(name)
    sim.set_system(system)
    sim.set_time_step(DT)
    sim.set_final_time(T)
    sim.set_domain(D.Domain.EMT)
    sim.set_solver(D.Solver.MNA)
    sim.do_system_matrix_recomputation(True)
    sim.do_init_from_nodes_and_terminals(True)
    return sim, formers


best = float("inf")
for run in range(RUNS):
    sim, formers = build(run)
    begin = time.process_time()
    sim.run()
    best = min(best, time.process_time() - begin)
for k, former in enumerate(formers):
    x = np.asarray(former.get_state()).ravel()
    print(k, "P", x[0], "Q", x[1], "f", x[2] / 2 / np.pi, "E", x[4], file=sys.stderr)
print(f"{best / (T / DT) * 1e6:.4g}")
