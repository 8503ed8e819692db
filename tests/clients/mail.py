"""A mail server that somebody else wrote: Debian's aiosmtpd, with TLS and a login, as production's have them.

One argument, JSON: `{cert, key, implicit, user, password}`; `implicit` is TLS from the start, else STARTTLS, and without it
neither login nor letter. It prints `{"listening": PORT}`, then each letter, `{from, to, text, user}`, one a line.
"""

import asyncio
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

settings = json.loads(sys.argv[1])
logging.getLogger("mail.log").setLevel(logging.ERROR)


def say(**what):
    print(json.dumps(what), flush=True)


def authenticate(server, session, envelope, mechanism, data):
    good = (data.login.decode(), data.password.decode()) == (settings["user"], settings["password"])
    return AuthResult(success=good, auth_data=data.login.decode(), handled=False)


class Handler:
    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode().replace("\r\n", "\n")
        say(**{"from": envelope.mail_from, "to": envelope.rcpt_tos, "text": text, "user": session.auth_data})
        return "250 taken"


async def main():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(settings["cert"], settings["key"])
    implicit = settings["implicit"]
    # Of TLS from the start it knows nothing: that is the listener's.
    options = {"tls_context": None if implicit else tls, "require_starttls": not implicit}
    options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": not implicit}
    make = lambda: SMTP(Handler(), hostname="localhost", **options)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, "127.0.0.1", 0, ssl=tls if implicit else None)
    say(listening=server.sockets[0].getsockname()[1])
    # Until the test that drives this is gone.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
