import type { Transport } from '@mudwire/core'
import { tcp, tls } from '@mudwire/transport-tcp'
import { udp } from '@mudwire/transport-udp'
import type { Place } from './addresses.ts'

/** The certificate of a TLS listener: options SO_TLS_CERT and SO_TLS_KEY. */
export interface ListenerIdentity {
  readonly certFile: string
  readonly keyFile: string
}

/** How a TLS connection checks whom it reaches: options SO_TLS_VERIFY_PEER and SO_TLS_SNI_HOSTNAME. */
export interface PeerCheck {
  readonly verifyPeer: boolean
  readonly serverName: string | undefined
}

/** What carries MUD, STREAM and STREAM_BINARY. */
export interface StreamTransports {
  /** What listens at a place. */
  listen(at: Place): Transport
  /** What connects to a place; `from` is the one that the socket was bound to, if it was. */
  connect(to: Place, from: Place | undefined): Transport
}

/** What carries STREAM_TLS and STREAM_TLS_BINARY. */
export interface SecureTransports {
  /** What holds the place between `socket_bind` and `socket_listen`, while the certificate need not be known yet. */
  reserve(at: Place): Transport
  /** What listens at a place. */
  listen(at: Place, identity: ListenerIdentity): Transport
  /** What connects to a place; `from` is the one that the socket was bound to, if it was. */
  connect(to: Place, from: Place | undefined, check: PeerCheck): Transport
}

/** What carries DATAGRAM and DATAGRAM_BINARY. */
export interface DatagramTransports {
  /** What sends and receives at a place. */
  bind(at: Place): Transport
}

/**
 * Which transports serve which mode. The same object code runs over any of them, over the in-memory transport for
 * instance:
 *
 * ```ts
 * const network = memory()
 * const efuns = createSocketEfuns(driver, {
 *   transports: { stream: { listen: () => network, connect: () => network } },
 * })
 * ```
 */
export interface ModeTransports {
  /** Default: TCP. */
  readonly stream: StreamTransports
  /** Default: TLS over TCP. */
  readonly tls: SecureTransports
  /** Default: UDP. */
  readonly datagram: DatagramTransports
}

/** TCP, TLS and UDP. */
export const DEFAULT_TRANSPORTS: ModeTransports = {
  stream: {
    listen: (at) => tcp(listening(at)),
    connect: (to, from) => tcp(connecting(to, from)),
  },
  tls: {
    reserve: (at) => tcp(listening(at)),
    listen: (at, identity) => tls({ ...listening(at), certificates: [identity] }),
    connect: (to, from, { verifyPeer, serverName }) =>
      tls({
        ...connecting(to, from),
        verify: verifyPeer,
        ...(serverName !== undefined && { servername: serverName }),
      }),
  },
  datagram: {
    bind: (at) => udp(listening(at)),
  },
}

function listening({ address, port }: Place): { host: string; port: number } {
  return { host: address, port }
}

interface Connecting {
  readonly host: string
  readonly port: number
  readonly localPort?: number
  readonly localAddress?: string
}

function connecting(to: Place, from: Place | undefined): Connecting {
  return {
    host: to.address,
    port: to.port,
    ...(from && { localPort: from.port, localAddress: from.address }),
  }
}
