import {
  type Address,
  createDriver,
  type Driver,
  type Listener,
  type Socket,
  type Transport,
} from '@mudwire/core'
import { onTestFinished } from 'vitest'

/** A listener that reads lines, and what has become of it. */
export interface Scene {
  readonly driver: Driver
  readonly listener: Listener
  readonly address: Address
  readonly sockets: Socket[]
  readonly lines: string[]
  readonly admitted: Address[]
  readonly failures: string[]
}

export async function listenOver(transport: Transport): Promise<Scene> {
  const driver = createDriver()
  onTestFinished(() => driver.close({ deadlineMs: 1 }))
  const [sockets, lines, admitted, failures]: [Socket[], string[], Address[], string[]] = [[], [], [], []]
  const listener = driver.owner('inetd').listen(transport, {
    admit(remote) {
      admitted.push(remote)
      return true
    },
    accepted(offer) {
      const socket = offer.acquire({
        line(text, _info, writer) {
          lines.push(text)
          writer.write(`${text}!\r\n`)
        },
      })
      if (socket) sockets.push(socket)
    },
    failed: (error) => failures.push(error.message),
  })
  const [address] = await listener.opened
  if (!address) throw new Error('no address')
  return { driver, listener, address, sockets, lines, admitted, failures }
}

/** Waits for the event loop until it is so. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

export function textOf(peer: { readonly received: readonly (string | Uint8Array)[] }): string {
  return Buffer.concat(peer.received.map((chunk) => Buffer.from(chunk))).toString()
}
