import { connect as connectSocket } from 'node:net'
import { ipAddress, type Link } from '@mudwire/core'
import { TcpLink } from './tcp-link.ts'
import type { TcpSettings } from './tcp-options.ts'

/** Makes a connection; rejects where it is refused, or when the signal is aborted. */
export function connect(settings: TcpSettings, signal: AbortSignal | undefined): Promise<Link> {
  const { host, port, keepAliveMs, noDelay, localPort, localAddress } = settings
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const socket = connectSocket({
      host,
      port,
      allowHalfOpen: true,
      noDelay,
      keepAlive: keepAliveMs > 0,
      keepAliveInitialDelay: keepAliveMs,
      ...(localPort !== undefined && { localPort }),
      ...(localAddress !== undefined && { localAddress }),
    })
    // Reading would start with the connection.
    socket.pause()
    const abort = (): void => {
      socket.destroy()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      signal?.removeEventListener('abort', abort)
      socket.off('error', reject)
      resolve(
        new TcpLink(
          socket,
          // A socket that is connected has both of its addresses.
          ipAddress(socket.localAddress as string, socket.localPort as number),
          ipAddress(socket.remoteAddress as string, socket.remotePort as number),
        ),
      )
    })
  })
}
