import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Load } from '../row.ts'

/** IAC DO MCCP2, and a line. */
const HELLO = Buffer.from([255, 253, 86, ...Buffer.from('hello\r\n')])
/** What begins behind it is compressed: IAC SB MCCP2 IAC SE. */
const BEGINS = Buffer.from([255, 250, 86, 255, 240])

/** Clients that take compression where it is offered, have heard an answer, and are silent now. */
export async function idleTelnetLoad(port: number, connections: number): Promise<Load> {
  const sockets: Socket[] = []
  while (sockets.length < connections) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    socket.write(HELLO)
    let heard: Buffer = Buffer.alloc(0)
    while (
      !heard.includes('hello\r\n') &&
      !(heard.includes(BEGINS) && heard.length > heard.indexOf(BEGINS) + 8)
    ) {
      const [chunk] = (await once(socket, 'data')) as [Buffer]
      heard = Buffer.concat([heard, chunk])
    }
    sockets.push(socket.resume())
  }
  return {
    run: () => Promise.resolve(),
    async close() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
