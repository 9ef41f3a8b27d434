"""glasshouse, a laboratory for scored societies: the public face.

>>> import glasshouse as gh
>>> run = gh.run("as-told", people=100_000, years=3, seed=1)  # doctest: +SKIP
>>> run.effects().to_polars()  # doctest: +SKIP

Names are looked up when they are used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.version import __version__

if TYPE_CHECKING:
    from glasshouse.experiment.calibration.calibrate import calibrate
    from glasshouse.experiment.ensemble import ensemble
    from glasshouse.experiment.sensitivity import sensitivity
    from glasshouse.experiment.study.running import study
    from glasshouse.experiment.sweep import sweep
    from glasshouse.forking import fork
    from glasshouse.session import Run, run
    from glasshouse.session import open_run as open  # noqa: A004 - `gh.open` is what one types

__all__ = [
    "Run", "__version__", "calibrate", "ensemble", "fork", "open", "run", "sensitivity", "study",
    "sweep",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Give a public name, importing what it needs."""
    home: Any
    if name == "calibrate":
        from glasshouse.experiment.calibration import calibrate as home
    elif name == "ensemble":
        from glasshouse.experiment import ensemble as home
    elif name == "sensitivity":
        from glasshouse.experiment import sensitivity as home
    elif name == "sweep":
        from glasshouse.experiment import sweep as home
    elif name == "study":
        from glasshouse.experiment.study import running as home
    elif name == "fork":
        from glasshouse import forking as home
    elif name in {"Run", "open", "run"}:
        from glasshouse import session as home
    else:
        raise AttributeError(f"module `glasshouse` has no attribute `{name}`")
    return getattr(home, "open_run" if name == "open" else name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
