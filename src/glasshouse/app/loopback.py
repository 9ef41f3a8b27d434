"""The one place that opens a port: on this machine's loopback address and on no other."""

from __future__ import annotations

import socket

from glasshouse.errors import BadUsage

LOOPBACK = "127.0.0.1"
"""Whoever is not on this machine cannot reach it; there is no option for another address."""

FIRST_PORT = 8765
LAST_PORT = 65_535


def listening(port: int) -> socket.socket:
    """Open a port for the page (0: any that is free), or say in one sentence why not."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((LOOPBACK, port))
        # bound is not yet heard: whoever else listens here says so now and not later
        opened.listen()
    except OSError as error:
        opened.close()
        another = port + 1 if port < LAST_PORT else FIRST_PORT
        raise BadUsage(
            f"port {port} cannot be opened on {LOOPBACK} ({error.strerror or error});"
            f" choose another: glasshouse serve --port {another}"
        ) from None
    return opened


def port_of(opened: socket.socket) -> int:
    """Give the port that was opened."""
    return int(opened.getsockname()[1])


def names_of(port: int) -> tuple[str, ...]:
    """Give what a browser on this machine may call the page: any other name is somebody's trick."""
    tail = "" if port == 80 else f":{port}"
    return (f"{LOOPBACK}{tail}", f"localhost{tail}")


def address_of(name: str) -> str:
    """Give the address of the page under one of its names."""
    return f"http://{name}"
