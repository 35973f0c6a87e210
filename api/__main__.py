"""`python -m api`: the API on uvicorn, with the house's log lines."""

from __future__ import annotations

import argparse

import uvicorn


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m api", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args()
    uvicorn.run(
        "api.app:create",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        log_config=None,
        server_header=False,
        # Clients that follow a receipt would keep the process for ten minutes.
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
