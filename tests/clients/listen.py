"""Debian's python-socketio, driven as listen.mjs is: the same argument, lines and commands.

Its handlers take one argument, as those of its users do, so an event with a second one breaks it: `auth.recovery` is false.
The argument's `options` may have `transports`; its `events` are the names that are listened for.
"""

import asyncio
import json
import sys

import socketio

settings = json.loads(sys.argv[1])


def say(what, **rest):
    print(json.dumps({"what": what, **rest}), flush=True)


def revive(found):
    """Bytes are written as Node writes them."""
    return bytes(found["data"]) if found.get("type") == "Buffer" else found


def listen_for(client, name):
    def heard(data):
        say("event", name=name, args=[data])

    client.on(name, heard)


async def connect(client):
    transports = settings.get("options", {}).get("transports")
    try:
        # By itself it waits a second for the namespace, which a busy machine does not keep. After a refusal it waits as
        # long; where the server ends the connection before (connectTimeout, 5 s), it takes that for a lost one.
        await client.connect(settings["url"], auth=settings.get("auth"), transports=transports, wait_timeout=4)
    except socketio.exceptions.ConnectionError as error:
        say("gave-up", message=str(error))


async def ask(client, event, timeout):
    try:
        value = await client.call(event[0], tuple(event[1:]), timeout=timeout)
        say("ack", value=value)
    except socketio.exceptions.TimeoutError:
        say("no-ack", message="operation has timed out")


async def obey(client, command):
    if "emit" in command:
        await client.emit(command["emit"][0], tuple(command["emit"][1:]))
    if "ask" in command:
        await ask(client, command["ask"], command.get("timeout", 20_000) / 1000)
    if "disconnect" in command:
        await client.disconnect()


async def main():
    client = socketio.AsyncClient(reconnection_delay=0.05, reconnection_delay_max=0.2, randomization_factor=0)
    client.on("connect", lambda: say("connect", id=client.get_sid(), transport=client.transport()))
    client.on("disconnect", lambda: say("disconnect"))
    client.on("connect_error", refused)
    for name in settings.get("events", []):
        listen_for(client, name)
    # Some names have an id in them.
    client.on("*", lambda name, data: say("event", name=name, args=[data]))
    await connect(client)
    lines = asyncio.StreamReader()
    reading = lambda: asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(reading, sys.stdin)
    async for line in lines:
        command = json.loads(line, object_hook=revive)
        if "exit" in command:
            break
        await obey(client, command)


def refused(error):
    """A dictionary where the server says why, text where there is no server."""
    told = error if isinstance(error, dict) else {"message": error}
    say("connect_error", message=told.get("message"), data=told.get("data"))


asyncio.run(main())
