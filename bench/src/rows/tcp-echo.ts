import { tcp } from '@mudwire/transport-tcp'
import { RequestLoad } from '../loads/request-load.ts'
import type { Row } from '../row.ts'
import { bareTcp } from '../sides/bare-tcp.ts'
import { mudwire } from '../sides/mudwire.ts'

export const tcpEcho: Row = {
  name: 'tcp-echo',
  title: 'TCP echo of 64 bytes of text, one in flight on each of 16 connections',
  measures: 'time',
  unit: 'message',
  units: 8_000,
  sides: {
    'node:net': () =>
      bareTcp((socket) => {
        socket.setEncoding('utf8').on('data', (text) => socket.write(text))
      }),
    mudwire: () => mudwire(tcp({ port: 0 }), { text: (text, socket) => void socket.write(text) }),
  },
  bars: [{ side: 'mudwire', against: 'node:net', most: 1.05, kind: 'ratio' }],
  load: (port) =>
    RequestLoad.open(port, {
      connections: 16,
      request: Buffer.from(`${'x'.repeat(63)}\n`),
      unitsPerRequest: 1,
      isEcho: true,
    }),
}
