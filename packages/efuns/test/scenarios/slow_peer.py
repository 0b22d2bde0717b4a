"""A TCP peer that takes little before it reads, so that whoever writes to it blocks after half a megabyte.

Node's would take several: it cannot ask for a small receive buffer, nor for short segments, by which the writer's system
judges how much it keeps for a connection. Told what to do by lines of JSON, answers each with one.
"""

import contextlib
import json
import select
import socket
import struct
import sys

listener = None
connection = None


def small():
    made = socket.socket()
    # Before connecting or listening: later both have been agreed upon.
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    with contextlib.suppress(OSError):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 16000)
    return made


def receive(most, ends, quiet_ms):
    """Reads until there are `most` bytes, the end if it is to come, or nothing for a while."""
    received, ended = bytearray(), "open"
    while len(received) <= most:
        wait = quiet_ms["first"] if ends or len(received) < most else quiet_ms["more"]
        if not select.select([connection], [], [], wait / 1000)[0]:
            break
        try:
            chunk = connection.recv(65536)
        except ConnectionResetError:
            ended = "reset"
            break
        if not chunk:
            ended = "eof"
            break
        received += chunk
    return {"hex": received.hex(), "ended": ended}


for line in sys.stdin:
    act = json.loads(line)
    verb, answer = act["do"], {}
    if verb == "connect":
        connection = small()
        try:
            connection.connect(("127.0.0.1", act["port"]))
            answer = {"port": connection.getsockname()[1]}
        except OSError as error:
            answer = {"failed": str(error)}
    elif verb == "listen":
        listener = small()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", act["port"]))
        listener.listen(5)
    elif verb == "accept":
        connection = listener.accept()[0]
    elif verb == "send":
        connection.sendall(bytes.fromhex(act["hex"]))
    elif verb == "receive":
        answer = receive(act["most"], act["ends"], act["quiet_ms"])
    elif verb == "shutdown":
        connection.shutdown(socket.SHUT_WR)
    elif verb == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    elif verb == "close":
        for open_socket in (connection, listener):
            if open_socket:
                open_socket.close()
    print(json.dumps(answer), flush=True)
