import { connect as connectSocket, isIP, type Socket, type TcpNetConnectOpts } from 'node:net'
import { ipAddress, type Link, type LinkFacts, type Transport, type TransportOptions } from '@mudwire/core'
import { type Arrival, Intake } from './intake.ts'
import { openServers } from './net-server.ts'
import { ignoreError, SocketLink } from './socket-link.ts'
import { SocketListening } from './socket-listening.ts'
import { type TcpOptions, type TcpSettings, withDefaults } from './tcp-options.ts'

/** A transport that can both listen and connect. */
export type SocketTransport = Transport & Required<Pick<Transport, 'listen' | 'connect'>>

const PLAIN: LinkFacts = Object.freeze({ secure: false })

/**
 * Makes a TCP transport.
 *
 * ```ts
 * const listener = inetd.listen(tcp({ port: 4000 }), { accepted })
 * const [address] = await listener.opened
 * ```
 *
 * @throws TypeError for a port that is none, and for a proxy that is neither an address nor a network.
 */
export function tcp(options: TcpOptions): SocketTransport {
  const settings = withDefaults(options)
  return {
    name: 'tcp',
    async listen(sink, { signal }) {
      const intake = new Intake(sink, { proxy: settings.proxy, handshake: false }, (arrival) =>
        sink.accept(linkOf(arrival)),
      )
      const callbacks = { connection: intake.take, failed: (error: Error) => sink.failed(error) }
      return new SocketListening(
        await openServers(settings.places, settings, callbacks, signal),
        intake,
        sink,
      )
    },
    async connect(options) {
      return connectedLink(await connectTcp(settings, options))
    },
  }
}

function linkOf({ socket, local, remote, proxy }: Arrival): Link {
  const facts = proxy ? Object.freeze({ secure: proxy.secure ?? false, proxy }) : PLAIN
  return new SocketLink({ socket, local, remote, facts, wire: socket })
}

function connectedLink(socket: Socket): Link {
  return new SocketLink({ socket, ...endsOf(socket), facts: PLAIN, wire: socket })
}

/** The addresses of a socket that is connected, which then has both. */
export function endsOf(socket: Socket): Pick<Link, 'local' | 'remote'> {
  return {
    local: ipAddress(socket.localAddress as string, socket.localPort as number),
    remote: ipAddress(socket.remoteAddress as string, socket.remotePort as number),
  }
}

/** Connects a socket; it is half-open, and not reading yet. */
export function connectTcp(settings: TcpSettings, { signal, bound }: TransportOptions): Promise<Socket> {
  const { port, keepAliveMs, noDelay, localPort, localAddress } = settings
  return whenConnected(() => {
    const socket = connectSocket({
      ...hostOf(settings),
      port,
      allowHalfOpen: true,
      noDelay,
      keepAlive: keepAliveMs > 0,
      keepAliveInitialDelay: keepAliveMs,
      ...(localPort !== undefined && { localPort }),
      ...(localAddress !== undefined && { localAddress }),
    })
    const local = socket.address()
    if ('address' in local) bound?.(ipAddress(local.address, local.port))
    return socket
  }, signal)
}

/**
 * Node puts off a connection to an address, but not one to a name that a `lookup` of ours answers at once; and so the
 * system has given it a local address when `connect` returns.
 */
function hostOf({ host }: TcpSettings): Pick<TcpNetConnectOpts, 'host' | 'lookup' | 'autoSelectFamily'> {
  const family = isIP(host)
  if (family === 0) return { host }
  return {
    host: 'address',
    lookup: (_name, _options, answer) => answer(null, host, family),
    autoSelectFamily: false,
  }
}

/** Waits for a socket to connect; destroys it when the signal is aborted. */
export function whenConnected(open: () => Socket, signal: AbortSignal | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const socket = open()
    // Reading would start with the connection.
    socket.pause()
    const finish = (): void => {
      signal?.removeEventListener('abort', abort)
      socket.off('error', fail)
    }
    const fail = (error: Error): void => {
      finish()
      reject(error)
    }
    const abort = (): void => {
      socket.destroy()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    socket.on('error', fail)
    socket.once('connect', () => {
      finish()
      socket.on('error', ignoreError)
      resolve(socket)
    })
  })
}
