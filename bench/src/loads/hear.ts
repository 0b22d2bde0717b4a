import { once } from 'node:events'
import type { Socket } from 'node:net'

/** Reads from a socket that nobody else reads, until it is enough. */
export async function hear(socket: Socket, isEnough: (heard: Buffer) => boolean): Promise<Buffer> {
  let heard: Buffer = Buffer.alloc(0)
  while (!isEnough(heard)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    heard = Buffer.concat([heard, chunk])
  }
  return heard
}
