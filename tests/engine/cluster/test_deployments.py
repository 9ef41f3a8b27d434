"""What the documentation shows for Slurm and Kubernetes can be read by those who will read it."""

from __future__ import annotations

import runpy
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import pytest
import yaml
from distributed.cli.dask_scheduler import main as scheduler
from distributed.cli.dask_worker import main as worker

import glasshouse
from glasshouse.cli import main

PLACE = Path(__file__).parents[3] / "docs" / "clusters"

SLURM_WORDS = frozenset(
    "queue account cores processes memory walltime local_directory worker_extra_args"
    " scheduler_options".split()
)
"""Arguments of SLURMCluster in dask-jobqueue 0.9."""


def refuse_unknown(words: list[str]) -> None:
    """Let Dask or glasshouse take a command line apart, which ends the test where it cannot."""
    program, verb, *more = words
    command = {"scheduler": scheduler, "worker": worker}[verb] if program == "dask" else None
    if command is None:
        found = main.commands[verb]
        found.make_context(verb, more, resilient_parsing=False)
    else:
        command.make_context(verb, more)


def parsed() -> dict[str, Any]:
    """Give the documents of the Kubernetes file by kind."""
    text = (PLACE / "kubernetes.yaml").read_text(encoding="utf-8")
    return {said["kind"]: said for said in yaml.safe_load_all(text)}


def test_the_kubernetes_file_names_one_image_one_folder_and_its_own_scheduler() -> None:
    """Leader and workers see the runs under one path, and the service selects this cluster."""
    said = parsed()
    job = said["DaskJob"]
    assert job["apiVersion"] == "kubernetes.dask.org/v1"
    cluster = job["spec"]["cluster"]["spec"]
    pods = [job["spec"]["job"]["spec"], cluster["worker"]["spec"], cluster["scheduler"]["spec"]]
    assert {pod["containers"][0]["image"] for pod in pods} == {
        f"glasshouse:{glasshouse.__version__}"
    }
    for pod in pods[:2]:
        (mount,) = pod["containers"][0]["volumeMounts"]
        (volume,) = pod["volumes"]
        assert (mount["name"], mount["mountPath"]) == (volume["name"], "/runs")
        claim = volume["persistentVolumeClaim"]["claimName"]
        assert claim == said["PersistentVolumeClaim"]["metadata"]["name"]
    service = cluster["scheduler"]["service"]
    assert service["selector"]["dask.org/cluster-name"] == job["metadata"]["name"]
    ports = {port["name"]: port["containerPort"] for port in pods[2]["containers"][0]["ports"]}
    assert {port["name"]: port["port"] for port in service["ports"]} == ports
    assert ports["tcp-comm"] == 8786


def test_the_words_of_the_kubernetes_file_are_understood() -> None:
    """By Dask's own command line and by ours."""
    job = parsed()["DaskJob"]["spec"]
    cluster = job["cluster"]["spec"]
    for part in ("worker", "scheduler"):
        refuse_unknown(cluster[part]["spec"]["containers"][0]["args"])
    (text,) = job["job"]["spec"]["containers"][0]["args"]
    lines = [piece.strip() for piece in text.replace(" else ", "; ").split(";")]
    told = [line.partition("exec ")[2] for line in lines if "exec glasshouse" in line]
    assert len(told) == 2
    for line in told:
        refuse_unknown(shlex.split(line))


def test_what_the_page_types_is_understood() -> None:
    """By Dask and by glasshouse."""
    page = PLACE.with_name("clusters.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith(("dask ", "glasshouse "))]
    assert len(lines) == 4
    for line in lines:
        refuse_unknown(shlex.split(line))


def test_the_slurm_script_is_understood() -> None:
    """By the shell, by Dask and by glasshouse."""
    script = PLACE / "slurm.sh"
    subprocess.run(["bash", "-n", script], check=True)
    text = script.read_text(encoding="utf-8").replace("\\\n", " ")
    asked = [line.removeprefix("srun ").rstrip("& ") for line in map(str.strip, text.splitlines())]
    lines = [line for line in asked if line.startswith(("dask ", "glasshouse "))]
    assert len(lines) == 4
    for line in lines:
        refuse_unknown(shlex.split(line.replace("$SLURM_CPUS_PER_TASK", "32")))


def test_the_slurm_program_asks_for_workers_and_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a stand-in for dask-jobqueue, whose arguments are those of its last release."""
    asked: dict[str, Any] = {}

    class Cluster:
        """Stands for SLURMCluster."""

        scheduler_address = "tcp://192.0.2.1:8786"

        def __init__(self, **given: Any) -> None:
            assert given.keys() <= SLURM_WORDS
            assert given["cores"] == given["processes"]

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            asked["is_over"] = True

        def scale(self, jobs: int) -> None:
            """Note how many jobs are wanted."""
            asked["jobs"] = jobs

        def wait_for_workers(self, number: int) -> None:
            """Note how many workers are waited for."""
            asked["workers"] = number

    class Done:
        """Stands for a finished run."""

        def summary(self) -> str:
            """Give what is printed."""
            return "what it says"

    def run(*_: object, cluster: str, **__: object) -> Done:
        asked["cluster"] = cluster
        return Done()

    module = ModuleType("dask_jobqueue")
    vars(module)["SLURMCluster"] = Cluster
    monkeypatch.setitem(sys.modules, "dask_jobqueue", module)
    monkeypatch.setattr(glasshouse, "run", run)
    runpy.run_path(str(PLACE / "slurm.py"), run_name="__main__")
    assert asked == {
        "jobs": 8, "workers": 32, "cluster": Cluster.scheduler_address, "is_over": True,
    }  # fmt: skip
    assert capsys.readouterr().out == "what it says\n"
