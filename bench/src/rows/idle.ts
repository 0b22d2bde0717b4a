import type { SocketHandlers } from '@mudwire/core'
import { answerStrangers, telnet } from '@mudwire/telnet'
import { tcp } from '@mudwire/transport-tcp'
import { webSocket } from '@mudwire/transport-websocket'
import { compressedLoad } from '../loads/compressed-load.ts'
import { idleLoad } from '../loads/idle-load.ts'
import { idleTelnetLoad } from '../loads/idle-telnet-load.ts'
import { textFrame, UPGRADE } from '../loads/web-socket-frames.ts'
import type { Row } from '../row.ts'
import { bareTcp } from '../sides/bare-tcp.ts'
import { bareWebSocket } from '../sides/bare-web-socket.ts'
import { mudwire } from '../sides/mudwire.ts'

const CONNECTIONS = 2_000
/** 0.7 KiB. */
const MOST_ADDED = 0.7 * 1_024
/** What telnet may take on top of TCP: 1.5 KiB. */
const MOST_FOR_TELNET = 1.5 * 1_024

const echoText: SocketHandlers = { text: (text, socket) => void socket.write(text) }

const echoLines: SocketHandlers = { line: (line, _info, socket) => void socket.write(`${line}\r\n`) }

const HELLO = Buffer.from('hello\n')

export const idle: readonly Row[] = [
  {
    name: 'idle-tcp',
    title: `${CONNECTIONS.toLocaleString('en')} idle TCP connections`,
    measures: 'memory',
    unit: 'connection',
    units: CONNECTIONS,
    sides: {
      'node:net': () =>
        bareTcp((socket) => {
          socket.on('data', (chunk) => socket.write(chunk))
        }),
      mudwire: () =>
        mudwire(tcp({ port: 0 }), { line: (line, _info, socket) => void socket.write(`${line}\n`) }),
    },
    bars: [{ side: 'mudwire', against: 'node:net', most: MOST_ADDED, kind: 'added' }],
    load: (port, connections) => idleLoad(port, connections, HELLO),
  },
  {
    name: 'idle-telnet',
    title: `${CONNECTIONS.toLocaleString('en')} idle telnet connections`,
    measures: 'memory',
    unit: 'connection',
    units: CONNECTIONS,
    sides: {
      'mudwire, tcp': () => mudwire(tcp({ port: 0 }), echoLines),
      'mudwire, telnet': () => mudwire(telnet(tcp({ port: 0 })), echoLines),
      'mudwire, telnet where strangers are answered': () =>
        mudwire(telnet(answerStrangers(tcp({ port: 0 }))), echoLines),
    },
    bars: [
      { side: 'mudwire, telnet', against: 'mudwire, tcp', most: MOST_FOR_TELNET, kind: 'added' },
      {
        side: 'mudwire, telnet where strangers are answered',
        against: 'mudwire, tcp',
        most: MOST_FOR_TELNET,
        kind: 'added',
      },
    ],
    load: (port, connections) => idleLoad(port, connections, HELLO),
  },
  {
    name: 'idle-telnet-mccp2',
    title: `${CONNECTIONS.toLocaleString('en')} idle telnet connections that take compression where it is offered`,
    measures: 'memory',
    unit: 'connection',
    units: CONNECTIONS,
    sides: {
      'mudwire, telnet without compression': () =>
        mudwire(telnet(tcp({ port: 0 }), { compression: false }), echoLines),
      'mudwire, telnet with MCCP2': () => mudwire(telnet(tcp({ port: 0 })), echoLines),
    },
    bars: [],
    load: idleTelnetLoad,
  },
  {
    name: 'idle-websocket',
    title: `${CONNECTIONS.toLocaleString('en')} idle WebSocket connections`,
    measures: 'memory',
    unit: 'connection',
    units: CONNECTIONS,
    sides: {
      ws: () => bareWebSocket((text, socket) => socket.send(text)),
      mudwire: () =>
        mudwire(webSocket({ port: 0 }), { line: (line, _info, socket) => void socket.write(`${line}\n`) }),
    },
    bars: [{ side: 'mudwire', against: 'ws', most: MOST_ADDED, kind: 'added' }],
    load: (port, connections) => idleLoad(port, connections, textFrame('hello\n'), UPGRADE),
  },
  {
    name: 'idle-compressed',
    title: `${CONNECTIONS.toLocaleString('en')} idle WebSocket connections that have compressed a text both ways`,
    measures: 'memory',
    unit: 'connection',
    units: CONNECTIONS,
    sides: {
      'ws without compression': () => bareWebSocket((text, socket) => socket.send(text)),
      'ws with its compression': () => bareWebSocket((text, socket) => socket.send(text), true),
      'mudwire without compression': () => mudwire(webSocket({ port: 0 }), echoText),
      'mudwire with compression': () => mudwire(webSocket({ port: 0, compression: true }), echoText),
    },
    bars: [],
    load: compressedLoad,
  },
]
