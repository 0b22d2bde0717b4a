import { createDriver, type Socket, type SocketHandlers } from '@mudwire/core'
import { type MemoryPeer, memory } from '@mudwire/core/memory'
import { telnet } from '@mudwire/telnet'

/** A telnet connection of ours without a network, and the client's end of it. */
export interface TelnetPeer {
  /** A client connects. */
  dial(): Promise<{ readonly peer: MemoryPeer; readonly socket: Socket }>
}

/** Listens for telnet over memory. Bytes that are no UTF-8 stay as they are, which is what the others do. */
export async function telnetPeer(handlers: SocketHandlers): Promise<TelnetPeer> {
  const network = memory()
  const accepted: Socket[] = []
  const listener = createDriver()
    .owner('server')
    .listen(telnet(network, { charset: 'utf-8', promptMarks: false }), {
      accepted(offer) {
        const socket = offer.acquire(handlers)
        if (socket) accepted.push(socket)
      },
    })
  await listener.opened
  return {
    async dial() {
      const peer = network.dial()
      // The server says first what it would like to agree upon, and that is all that it says.
      while (accepted.length === 0 || peer.chunks.length === 0) await new Promise(setImmediate)
      peer.chunks.length = 0
      return { peer, socket: accepted.pop() as Socket }
    },
  }
}
