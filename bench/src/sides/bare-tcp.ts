import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { ServerSide } from '../side.ts'

/** What our transport asks of the kernel as well. */
const SETTINGS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }

/** A plain `node:net` server, and what it does with a connection. */
export function bareTcp(serve: (socket: Socket) => void): ServerSide {
  return {
    async listen() {
      const server = createServer(SETTINGS, (socket) => {
        socket.on('error', () => {})
        serve(socket)
      })
      return portOf(server.listen(0, '127.0.0.1'))
    },
  }
}

async function portOf(server: Server): Promise<number> {
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Calls back for every line of a socket or another stream, as one writes it by hand. */
export function onLine(stream: Readable, line: (text: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    rest += chunk
    let start = 0
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
      line(rest.slice(start, rest[end - 1] === '\r' ? end - 1 : end))
      start = end + 1
    }
    rest = rest.slice(start)
  })
}
