"""Keeps calendars in a folder and serves them over CalDAV, with Radicale, for tests.

    python3 calendar_server.py FOLDER

The first line of standard output is the loopback port, which the system chose. It takes any user's name and ends when
standard input does, so that it outlives no test.
"""

import logging
import os
import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import radicale
import radicale.config


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


def main(folder):
    logging.getLogger("radicale").setLevel(logging.ERROR)
    settings = radicale.config.load()
    chosen = {
        "auth": {"type": "none"},
        "rights": {"type": "owner_only"},
        "storage": {"filesystem_folder": folder},
        "logging": {"level": "error"},
    }
    settings.update(chosen, "the tests", privileged=True)
    server = make_server("127.0.0.1", 0, radicale.Application(settings), handler_class=Quiet)
    print(server.server_port, flush=True)
    threading.Thread(target=end_with_the_test, daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
