import { lstat, unlink } from 'node:fs/promises'
import { connect as connectSocket } from 'node:net'
import type { Address, Link, LinkFacts } from '@mudwire/core'
import { wholeNumber } from '@mudwire/core/internal'
import { type Arrival, Intake } from './intake.ts'
import { type NetServers, openServers } from './net-server.ts'
import { type ProxyOptions, proxySettings } from './proxy.ts'
import { SocketLink } from './socket-link.ts'
import { SocketListening } from './socket-listening.ts'
import { type SocketTransport, whenConnected } from './tcp.ts'

/** Where a unix socket is, and who may come. */
export interface UnixOptions {
  /** The file of the socket; on Linux, `@name` is a name of the system without a file. */
  readonly path: string
  /** Who may connect, as of a file: `0o660` is owner and group. Default `0o600`: the owner alone. */
  readonly mode?: number
  /** How many connections may wait in the kernel. Default 1,024. */
  readonly backlog?: number
  /** Every connection begins with a PROXY protocol header; `from: ['unix']` believes whoever may connect. */
  readonly proxy?: ProxyOptions
}

const FACTS: LinkFacts = Object.freeze({ secure: false })
const NOBODY: Address = Object.freeze({ family: 'unix', address: '' })
const DEFAULT_MODE = 0o600
/** What a mask leaves of a socket that everybody may use. */
const EVERYBODY = 0o777

/**
 * Makes a transport of a unix socket. A socket file that is left over from a process that is gone is replaced; one that
 * somebody listens on is in use.
 *
 * ```ts
 * inetd.listen(unix({ path: '/run/mudwire.sock', mode: 0o660 }), { accepted })
 * ```
 */
export function unix(options: UnixOptions): SocketTransport {
  const { path, mode = DEFAULT_MODE } = options
  const backlog = wholeNumber('backlog', options.backlog ?? 1_024, 1)
  const proxy = proxySettings(options.proxy)
  if (path === '' || path === '@') throw new TypeError('path names a file, or with @ a name of the system.')
  return {
    name: 'unix',
    async listen(sink, { signal }) {
      const intake = new Intake(sink, { proxy, handshake: false, path }, (arrival) =>
        sink.accept(linkOf(arrival)),
      )
      const callbacks = { connection: intake.take, failed: (error: Error) => sink.failed(error) }
      await removeStale(path)
      // The file is made with its mode: afterwards would be a moment in which anybody may connect.
      const servers = await withMask(EVERYBODY & ~mode, () =>
        openServers(
          [{ path: systemPath(path), backlog }],
          { keepAliveMs: 0, noDelay: false },
          callbacks,
          signal,
        ),
      )
      return new SocketListening(named(servers, path), intake, sink)
    },
    async connect({ signal }) {
      const open = () => connectSocket({ path: systemPath(path), allowHalfOpen: true })
      const socket = await whenConnected(open, signal)
      const remote = unixAddress(path)
      return new SocketLink({ socket, local: NOBODY, remote, facts: FACTS })
    },
  }
}

function linkOf({ socket, local, remote, proxy }: Arrival): Link {
  const facts = proxy ? Object.freeze({ secure: proxy.secure ?? false, proxy }) : FACTS
  return new SocketLink({ socket, local, remote, facts })
}

function named({ close }: NetServers, path: string): NetServers {
  return { addresses: [unixAddress(path)], close }
}

function unixAddress(path: string): Address {
  return { family: 'unix', address: path }
}

/** Linux tells names without a file by a NUL at their beginning. */
function systemPath(path: string): string {
  return path.startsWith('@') ? `\0${path.slice(1)}` : path
}

/** Removes a socket file on which nobody listens. Anything else that is in the way stays there. */
async function removeStale(path: string): Promise<void> {
  if (path.startsWith('@')) return
  const found = await lstat(path).catch(() => undefined)
  if (found?.isSocket() && !(await answers(path))) await unlink(path).catch(() => {})
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'))
  })
}

/** Runs what makes a file, synchronously at its beginning, under a mask. */
function withMask<Result>(mask: number, make: () => Promise<Result>): Promise<Result> {
  const before = process.umask(mask)
  try {
    return make()
  } finally {
    process.umask(before)
  }
}
