"""The machine and the versions that a figure was measured with."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Any

from glasshouse.version import __version__

PACKAGES = ("numba", "llvmlite", "numpy", "mesa")


def machine() -> dict[str, Any]:
    """Give the processor, its cores and vector instructions, and the memory."""
    flags = _flags()
    return {
        "processor": _field("/proc/cpuinfo", "model name") or platform.processor() or "unknown",
        "architecture": platform.machine(),
        "system": platform.system(),
        "cores": cores(),
        "avx2": "avx2" in flags,
        "avx512": "avx512f" in flags,
        "memory_bytes": int((_field("/proc/meminfo", "MemTotal") or "0").split()[0]) * 1024,
    }


def versions() -> dict[str, str]:
    """Give the versions of this program and of what its speed depends on."""
    found = {"glasshouse": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "missing"
    return found


def cores() -> int:
    """Give the cores that this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _flags() -> set[str]:
    """Give the instructions of the processor that the compiler may use."""
    try:
        from llvmlite import binding

        return {name for name, there in binding.get_host_cpu_features().items() if there}
    except (ImportError, RuntimeError):
        return set((_field("/proc/cpuinfo", "flags") or "").split())


def _field(path: str, name: str) -> str | None:
    """Give the first value of a name in a file of ``name : value`` lines."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return None
