"""`python -m project.serve`: uvicorn, told to end the live streams before it waits for requests.

HOST and PORT choose the address. X-Forwarded-For and X-Forwarded-Proto are believed only from
TRUSTED_PROXIES (addresses or networks, separated by commas). Without the early word an open stream
would hold up every stop.
"""

import os
from types import FrameType

import uvicorn


class Server(uvicorn.Server):
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        from annotations.web.hub import hub  # noqa: PLC0415 - Django is set up by now

        hub.stop()
        super().handle_exit(sig, frame)


def main() -> None:
    os.environ.setdefault("IMPRIMATUR_POOL", "1")
    trusted = os.environ.get("TRUSTED_PROXIES", "")
    config = uvicorn.Config(
        "project.asgi:application",
        host=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=5,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
    )
    Server(config).run()


if __name__ == "__main__":
    main()
