import { placeBehind } from './addresses.ts'
import type { Callback } from './callback.ts'
import type { Caller } from './caller.ts'
import { EEMODENOTSUPP, EENOTLISTN, EESECURITY, EEWOULDBLOCK } from './codes.ts'
import { Descriptor } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'
import { StreamReceiver } from './receivers.ts'

/** `socket_accept`: takes the connection that waits longest. Its close callback is the listener's. */
export function accept(
  context: EfunContext,
  caller: Caller,
  fd: number,
  read: Callback,
  write: Callback,
): number {
  if (!context.allows(caller, 'accept', fd)) return EESECURITY
  const listener = context.own(caller, fd)
  if (typeof listener === 'number') return listener
  const { mode, endpoint } = listener
  if (mode.carrier === 'datagram') return EEMODENOTSUPP
  if (listener.state !== 'LISTEN' || endpoint.kind !== 'listener') return EENOTLISTN
  const socket = endpoint.socket.accept()
  if (!socket) return EEWOULDBLOCK
  listener.accepted += 1
  const descriptor = context.descriptors.add(
    (number) => new Descriptor(number, mode, caller, 'DATA_XFER', { kind: 'stream', socket }),
  )
  descriptor.read = read
  descriptor.write = write
  descriptor.close = listener.close
  // A connection that was accepted is open, and so has both.
  descriptor.local = socket.local && placeBehind(socket.local)
  descriptor.remote = socket.remote && placeBehind(socket.remote)
  socket.handle(new StreamReceiver(context, descriptor))
  return descriptor.number
}
