import { portNumber } from '@mudwire/core/internal'

/** Where to bind, and how. */
export interface UdpOptions {
  /** 0 binds to any free port; `socket.local` says which. */
  readonly port: number
  /**
   * An address or a name, which also decides between IPv4 and IPv6. Default `127.0.0.1`: a socket reaches this machine
   * alone until it is told otherwise. `0.0.0.0` is every IPv4 address; `::` is every address, IPv4 as well unless
   * `ipv6Only`.
   */
  readonly host?: string
  /** Keeps a socket on `::` from sending to IPv4 addresses, and from hearing of them. Default false. */
  readonly ipv6Only?: boolean
}

/** The options with their defaults. */
export type UdpSettings = Required<UdpOptions>

/** Fills in the defaults. Throws a TypeError for a port or a host that is none. */
export function withDefaults({ port, host = '127.0.0.1', ipv6Only = false }: UdpOptions): UdpSettings {
  portNumber('port', port)
  if (typeof host !== 'string' || host === '') throw new TypeError('host is an address or a name.')
  return { port, host, ipv6Only }
}
