import { webSocket } from '@mudwire/transport-websocket'
import { RequestLoad } from '../loads/request-load.ts'
import { textFrame, UPGRADE } from '../loads/web-socket-frames.ts'
import type { Row } from '../row.ts'
import { bareWebSocket } from '../sides/bare-web-socket.ts'
import { mudwire } from '../sides/mudwire.ts'

const WRITES = 20
const LINE = `${'x'.repeat(62)}\r\n`

export const webSocketBurst: Row = {
  name: 'websocket-burst',
  title: `${WRITES} writes of a line in a turn, on a WebSocket whose texts are a stream`,
  measures: 'time',
  unit: 'burst',
  units: 2_400,
  sides: {
    [`ws, ${WRITES} sends`]: () =>
      bareWebSocket((_text, socket) => {
        for (let count = 0; count < WRITES; count += 1) socket.send(LINE)
      }),
    'ws, joined and one send': () =>
      bareWebSocket((_text, socket) => {
        let joined = ''
        for (let count = 0; count < WRITES; count += 1) joined += LINE
        socket.send(joined)
      }),
    mudwire: () =>
      mudwire(webSocket({ port: 0, text: 'stream' }), {
        text(_text, socket) {
          for (let count = 0; count < WRITES; count += 1) socket.write(LINE)
        },
      }),
  },
  bars: [
    { side: 'mudwire', against: `ws, ${WRITES} sends`, most: 0.15, kind: 'ratio' },
    { side: 'mudwire', against: 'ws, joined and one send', most: 1.1, kind: 'ratio' },
  ],
  load: (port) =>
    RequestLoad.open(port, {
      connections: 8,
      request: textFrame('look'),
      unitsPerRequest: 1,
      linesPerUnit: WRITES,
      greeting: UPGRADE,
    }),
}
