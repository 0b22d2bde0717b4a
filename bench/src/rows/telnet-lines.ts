import type { SocketHandlers } from '@mudwire/core'
import { telnet } from '@mudwire/telnet'
import { tcp } from '@mudwire/transport-tcp'
import { IN_FLIGHT, lineLoad } from '../loads/line-load.ts'
import type { Row } from '../row.ts'
import { mudwire } from '../sides/mudwire.ts'

const echo: SocketHandlers = { line: (line, _info, socket) => void socket.write(`${line}\r\n`) }

/** The same work as `tcp-lines`; the client does not answer the server's opening, as most do not. */
export const telnetLines: Row = {
  name: 'telnet-lines',
  title: `Telnet echo of lines of 64 bytes, ${IN_FLIGHT} in flight on each of 8 connections`,
  measures: 'time',
  unit: 'line',
  units: 65_536,
  sides: {
    'mudwire, tcp': () => mudwire(tcp({ port: 0 }), echo),
    'mudwire, telnet': () => mudwire(telnet(tcp({ port: 0 })), echo),
  },
  bars: [{ side: 'mudwire, telnet', against: 'mudwire, tcp', most: 1.1, kind: 'ratio' }],
  load: lineLoad,
}
