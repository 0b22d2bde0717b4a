import type { Address, DatagramSocket } from '@mudwire/core'
import { hangUp } from './closing.ts'
import type { Descriptor } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'
import { orRefusal } from './opening.ts'
import { DatagramReceiver } from './receivers.ts'

/** So many datagrams may wait for a socket to be there that sends them. */
const MOST_WAITING = 128

/** Sends a datagram; false where it cannot be sent. */
export function sendDatagram(
  context: EfunContext,
  descriptor: Descriptor,
  data: string | Uint8Array,
  to: Address,
): boolean {
  // The close callback is running, and nothing goes anywhere any more.
  if (descriptor.ending) return true
  const socket = senderOf(context, descriptor, to)
  if (!socket) return false
  if (socket.state !== 'connecting') return socket.send(data, to)
  return sendWhenOpen(descriptor, socket, data, to)
}

/** Who is bound to nothing sends from whatever port the system gives. */
function senderOf(
  context: EfunContext,
  descriptor: Descriptor,
  { family }: Address,
): DatagramSocket | undefined {
  const { endpoint } = descriptor
  if (endpoint.kind === 'datagram') return endpoint.socket
  // What is on offer is the socket that would have to make way.
  if (descriptor.offer?.state === 'open') return undefined
  const anywhere = { address: family === 'IPv6' ? '::' : '0.0.0.0', port: 0 }
  const transport = context.settings.transports.datagram.bind(anywhere)
  const receiver = new DatagramReceiver(context, descriptor)
  const socket = orRefusal(() => descriptor.owner.owner.bind(transport, receiver))
  if (typeof socket === 'number') return undefined
  hangUp(endpoint)
  descriptor.endpoint = { kind: 'datagram', socket }
  return socket
}

function sendWhenOpen(
  descriptor: Descriptor,
  socket: DatagramSocket,
  data: string | Uint8Array,
  to: Address,
): boolean {
  if (descriptor.waitingDatagrams >= MOST_WAITING) return false
  descriptor.waitingDatagrams += 1
  const own = typeof data === 'string' ? data : new Uint8Array(data)
  socket.opened.then(
    () => {
      descriptor.waitingDatagrams -= 1
      const { endpoint } = descriptor
      // It may be somebody else's by now, but it is the same socket; or another has taken its place.
      if (endpoint.kind === 'datagram' && descriptor.isLive) endpoint.socket.send(own, to)
    },
    () => {
      descriptor.waitingDatagrams -= 1
    },
  )
  return true
}
