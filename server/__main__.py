"""The command `rollingtext` (C2, C4). Exit status: 0 done, 1 it failed or found something wrong, 2 asked wrongly."""

from server.commands import app


def main() -> None:
    app()


if __name__ == "__main__":
    main()
