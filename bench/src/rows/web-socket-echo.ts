import { webSocket } from '@mudwire/transport-websocket'
import { RequestLoad } from '../loads/request-load.ts'
import { textFrame, UPGRADE } from '../loads/web-socket-frames.ts'
import type { Row } from '../row.ts'
import { bareWebSocket } from '../sides/bare-web-socket.ts'
import { mudwire } from '../sides/mudwire.ts'

export const webSocketEcho: Row = {
  name: 'websocket-echo',
  title: 'WebSocket echo of 64 bytes of text, one in flight on each of 16 connections',
  measures: 'time',
  unit: 'message',
  units: 8_000,
  sides: {
    ws: () => bareWebSocket((text, socket) => socket.send(text)),
    mudwire: () => mudwire(webSocket({ port: 0 }), { text: (text, socket) => void socket.write(text) }),
  },
  bars: [{ side: 'mudwire', against: 'ws', most: 1.05, kind: 'ratio' }],
  load: (port) =>
    RequestLoad.open(port, {
      connections: 16,
      request: textFrame(`${'x'.repeat(63)}\n`),
      unitsPerRequest: 1,
      greeting: UPGRADE,
    }),
}
