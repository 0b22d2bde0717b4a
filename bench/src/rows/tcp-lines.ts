import { tcp } from '@mudwire/transport-tcp'
import { IN_FLIGHT, lineLoad } from '../loads/line-load.ts'
import type { Row } from '../row.ts'
import { bareTcp, onLine } from '../sides/bare-tcp.ts'
import { mudwire } from '../sides/mudwire.ts'

export const tcpLines: Row = {
  name: 'tcp-lines',
  title: `TCP echo of lines of 64 bytes, ${IN_FLIGHT} in flight on each of 8 connections`,
  measures: 'time',
  unit: 'line',
  units: 65_536,
  sides: {
    'node:net, a write for each line': () =>
      bareTcp((socket) => onLine(socket, (line) => socket.write(`${line}\r\n`))),
    'node:net, corked': () =>
      bareTcp((socket) => {
        const uncork = (): void => socket.uncork()
        onLine(socket, (line) => {
          if (socket.writableCorked === 0) {
            socket.cork()
            process.nextTick(uncork)
          }
          socket.write(`${line}\r\n`)
        })
      }),
    'node:net, chunks as they come': () =>
      bareTcp((socket) => {
        socket.on('data', (chunk) => socket.write(chunk))
      }),
    mudwire: () =>
      mudwire(tcp({ port: 0 }), { line: (line, _info, socket) => void socket.write(`${line}\r\n`) }),
  },
  bars: [
    { side: 'mudwire', against: 'node:net, a write for each line', most: 0.2, kind: 'ratio' },
    { side: 'mudwire', against: 'node:net, corked', most: 1.1, kind: 'ratio' },
    { side: 'mudwire', against: 'node:net, chunks as they come', most: 1.3, kind: 'ratio' },
  ],
  load: lineLoad,
}
