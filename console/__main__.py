"""`python -m console`: the console on uvicorn, with the house's log lines."""

from __future__ import annotations

import argparse

import uvicorn

from console.app import create_app
from preuve.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m console", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    chosen = parser.parse_args()
    settings = Settings()
    uvicorn.run(
        create_app(settings),
        host=chosen.host,
        port=chosen.port,
        log_config=None,
        server_header=False,
        # Who asks is who connects, but for proxies that the installation names.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        # Pages that are open hold their connection for as long as they are.
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
