"""Simulations over HTTP (CHG-10, BEY-01, BEY-11): of a contract or a draft immediately, of the whole base in a run."""

from billing.access.model import Permission
from billing.closings import base_simulation, simulation
from billing.closings.base_simulation import BaseSimulation, BaseSimulationRequest
from billing.closings.simulation import Simulation, SimulationRequest
from billing.entry import wiring
from billing.entry.http import Api
from billing.entry.launching import relaunch
from billing.runs.model import Run

api = Api("simulations", relaunch)
handler = api.handle


@api.post(
    "/simulations/contracts",
    summary="Simula um contrato ou rascunho em um período, sem efeito, e compara com outro",
    tags=["Simulações"],
)
def simulate_contract(request: SimulationRequest) -> Simulation:
    call = api.call(Permission.CLOSINGS_READ)
    return simulation.simulate(call, request)


@api.post(
    "/runs/simulations",
    status_code=202,
    summary="Simula toda a base em um mês, sem efeito, e compara com outro",
    tags=["Execuções"],
)
def start_simulation(request: BaseSimulationRequest) -> Run:
    call = api.call(Permission.RUNS_START, Permission.CLOSINGS_READ)
    return base_simulation.start(call, wiring.processes(), request)


@api.get(
    "/runs/<run_id>/simulation",
    summary="O que muda na base simulada, com os contratos discrepantes primeiro",
    tags=["Execuções"],
)
def get_simulation(run_id: str) -> BaseSimulation:
    call = api.call(Permission.RUNS_READ, Permission.CLOSINGS_READ)
    return base_simulation.result(call, wiring.files(), run_id)
