"""Lead a run with workers that Slurm begins, by Dask's own dask-jobqueue: python slurm.py.

Each job brings one worker process a core. The leader runs where this is typed.
"""

from __future__ import annotations

from dask_jobqueue import SLURMCluster

import glasshouse as gh

JOBS, CORES = 8, 32


def main() -> None:
    """Ask Slurm for workers, wait for those of one job, and run."""
    with SLURMCluster(
        queue="general",
        account="my-project",
        cores=CORES,
        processes=CORES,
        memory="64GB",
        walltime="04:00:00",
        local_directory="$TMPDIR",
        worker_extra_args=["--no-dashboard"],
        scheduler_options={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
    ) as cluster:
        cluster.scale(jobs=JOBS)
        cluster.wait_for_workers(CORES)
        run = gh.run("as-told", people="all", cluster=cluster.scheduler_address, out="as-told")
    print(run.summary())


if __name__ == "__main__":
    main()
