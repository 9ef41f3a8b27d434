"""What a worker of this machine loads first: Ctrl-C is for the process that leads it.

A terminal sends it to all processes at once; the leader hears it, and ends its workers in order.
"""

from __future__ import annotations

import signal
import threading

if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
