"""The command line: one file a verb. Results go to stdout, everything else to stderr.

Nothing heavy is imported here or at the top of a verb's file: `--help` must answer at once.
"""

from __future__ import annotations

import click

from glasshouse.cli.audit import audit
from glasshouse.cli.bench import bench
from glasshouse.cli.calibrate import calibrate
from glasshouse.cli.ending import Verbs
from glasshouse.cli.ensemble import ensemble
from glasshouse.cli.fork import fork
from glasshouse.cli.life import life
from glasshouse.cli.mechanisms import mechanisms
from glasshouse.cli.metrics import metrics
from glasshouse.cli.playable import playable
from glasshouse.cli.report import report
from glasshouse.cli.resume import resume
from glasshouse.cli.rulebook import rulebook
from glasshouse.cli.run import run
from glasshouse.cli.safeguards import safeguards
from glasshouse.cli.scenario import scenario
from glasshouse.cli.sensitivity import sensitivity
from glasshouse.cli.serve import serve
from glasshouse.cli.study import study
from glasshouse.cli.sweep import sweep
from glasshouse.cli.validate import validate
from glasshouse.cli.verify import verify
from glasshouse.version import __version__

__all__ = ["main"]

EPILOGUE = "Begin with `glasshouse scenario list`, then `glasshouse run as-told --people 20000`."


@click.group(cls=Verbs, epilog=EPILOGUE, context_settings={"help_option_names": ["--help", "-h"]})
@click.version_option(
    __version__, "--version", prog_name="glasshouse", help="Show the version and end."
)
def main() -> None:
    """A laboratory for scored societies: what social credit systems do to people who do not exist.

    Nobody in it is real, it watches nothing, and it tunes no control.
    """


for _verb in (
    run, fork, serve, ensemble, sweep, sensitivity, study, life, playable, metrics, report,
    rulebook, scenario, mechanisms, safeguards, audit, resume, verify, validate, calibrate, bench,
):  # fmt: skip
    main.add_command(_verb)
