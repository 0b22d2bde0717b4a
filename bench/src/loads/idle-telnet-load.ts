import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Load } from '../row.ts'
import { hear } from './hear.ts'

/** IAC DO MCCP2, and a line. */
const HELLO = Buffer.from([255, 253, 86, ...Buffer.from('hello\r\n')])
/** What begins behind it is compressed: IAC SB MCCP2 IAC SE. */
const BEGINS = Buffer.from([255, 250, 86, 255, 240])

/** It has come in plain, or some of it compressed. */
function hasAnswer(heard: Buffer): boolean {
  const begins = heard.indexOf(BEGINS)
  return heard.includes('hello\r\n') || (begins >= 0 && heard.length > begins + 8)
}

/** Clients that take compression where it is offered, have heard an answer, and are silent now. */
export async function idleTelnetLoad(port: number, connections: number): Promise<Load> {
  const sockets: Socket[] = []
  while (sockets.length < connections) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    socket.write(HELLO)
    await hear(socket, hasAnswer)
    sockets.push(socket.resume())
  }
  return {
    run: () => Promise.resolve(),
    async close() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
