import { createDriver, type SocketHandlers, type Transport } from '@mudwire/core'
import type { ServerSide } from '../side.ts'

/** A driver that listens over a transport and serves everybody in the same way. */
export function mudwire(transport: Transport, handlers: SocketHandlers): ServerSide {
  return {
    async listen() {
      const listener = createDriver()
        .owner('server')
        .listen(transport, {
          accepted: (offer) => void offer.acquire(handlers),
        })
      const [address] = await listener.opened
      return address?.port ?? 0
    },
  }
}
