import type { ListenOptions } from 'node:net'
import { portNumber, wholeNumber } from '@mudwire/core/internal'
import { type ProxyOptions, type ProxySettings, proxySettings } from './proxy.ts'

/** Where to listen or connect, and how. */
export interface TcpOptions {
  /** 0 listens on any free port; the listener's `addresses` say which. */
  readonly port: number
  /**
   * An address or a name, or several to listen on. Default `127.0.0.1`: a listener reaches this machine alone until it
   * is told otherwise. `0.0.0.0` is every IPv4 address; `::` is every address, IPv4 as well unless `ipv6Only`.
   */
  readonly host?: string | readonly string[]
  /** Keeps an IPv6 listener from taking IPv4 connections. Default false. */
  readonly ipv6Only?: boolean
  /** How many connections may wait in the kernel. Default 1,024; the kernel has a limit of its own. */
  readonly backlog?: number
  /** The kernel looks after a silent peer from this many milliseconds on. Default 60,000; 0 never. */
  readonly keepAliveMs?: number
  /** Send small writes at once (TCP_NODELAY). Default true: core has gathered them already. */
  readonly noDelay?: boolean
  /** The port to connect from. Default: any. */
  readonly localPort?: number
  /** The address to connect from. Default: the system's choice. */
  readonly localAddress?: string
  /** Every connection begins with a PROXY protocol header, version 1 or 2, from one of these. */
  readonly proxy?: ProxyOptions
}

/** The options with their defaults. */
export interface TcpSettings {
  readonly places: readonly ListenOptions[]
  readonly port: number
  readonly host: string
  readonly keepAliveMs: number
  readonly noDelay: boolean
  readonly localPort: number | undefined
  readonly localAddress: string | undefined
  readonly proxy: ProxySettings | undefined
}

/** Fills in the defaults. Throws a TypeError for a port, a number or a proxy that is none. */
export function withDefaults(options: TcpOptions): TcpSettings {
  portNumber('port', options.port)
  if (options.localPort !== undefined) portNumber('localPort', options.localPort)
  const { host = '127.0.0.1', port, backlog = 1_024, ipv6Only = false } = options
  const hosts = typeof host === 'string' ? [host] : host
  const [first] = hosts
  if (first === undefined) throw new TypeError('host names at least one address.')
  return {
    places: hosts.map((place) => ({
      host: place,
      port,
      backlog: wholeNumber('backlog', backlog, 1),
      ipv6Only,
    })),
    port,
    host: first,
    keepAliveMs: wholeNumber('keepAliveMs', options.keepAliveMs ?? 60_000, 0),
    noDelay: options.noDelay ?? true,
    localPort: options.localPort,
    localAddress: options.localAddress,
    proxy: proxySettings(options.proxy),
  }
}
