import type { Caller } from './caller.ts'
import { EESECURITY, EESUCCESS } from './codes.ts'
import type { Descriptor, Endpoint } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'

/** `socket_close`. What was written is sent first; one's own close calls nobody back. */
export function close(context: EfunContext, caller: Caller, fd: number): number {
  if (!context.allows(caller, 'close', fd)) return EESECURITY
  const descriptor = context.own(caller, fd)
  if (typeof descriptor === 'number') return descriptor
  closeQuietly(context, descriptor)
  return EESUCCESS
}

/** Closes what its owner does not want any more, or cannot want any more. */
export function closeQuietly(context: EfunContext, descriptor: Descriptor): void {
  descriptor.opening?.socket.close()
  hangUp(descriptor.endpoint)
  descriptor.state = descriptor.ending || descriptor.unsent === 0 ? 'CLOSED' : 'CLOSING'
  context.descriptors.closed(descriptor)
}

/**
 * The peer has finished, or the connection broke: the close callback is called, and then the descriptor is gone. Until it
 * returns the socket answers as if it were there, but that it cannot be released any more.
 */
export function lose(
  context: EfunContext,
  descriptor: Descriptor,
  end: (endpoint: Endpoint) => void = hangUp,
): void {
  const { endpoint } = descriptor
  descriptor.ending = true
  try {
    descriptor.owner.call(descriptor.close, descriptor.number)
  } finally {
    if (descriptor.isLive) {
      descriptor.state = 'CLOSED'
      context.descriptors.closed(descriptor)
    }
    end(endpoint)
  }
}

/** Closes a socket of core's, if it is not somebody else's by now. */
export function hangUp({ kind, socket }: Endpoint): void {
  if (kind === 'listener' && socket.state === 'open') resetWaiting(socket)
  socket[Symbol.dispose]()
}

/** Who waits for a listener that goes away is not to take its end for an ordinary one. */
function resetWaiting(listener: Extract<Endpoint, { kind: 'listener' }>['socket']): void {
  for (let left = listener.waiting; left > 0; left -= 1) listener.accept()?.abort()
}
