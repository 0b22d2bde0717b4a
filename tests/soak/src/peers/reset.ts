import type { Socket } from 'node:net'

/**
 * Resets a connection. While the end of one is just being passed to the kernel Node cannot: it gives an error, and the
 * socket is never closed. So that is waited for.
 */
export function reset(socket: Socket): void {
  const endIsUnderWay = socket.writableEnded && socket.writableLength === 0 && !socket.writableFinished
  if (endIsUnderWay) socket.once('finish', () => socket.resetAndDestroy())
  else socket.resetAndDestroy()
}
