import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { wholeNumber } from '@mudwire/core/internal'
import type { CertificateSource, ClientCertificates, ProxyOptions } from '@mudwire/transport-tcp'

/** What holds for every WebSocket connection, whoever made it. */
interface CommonOptions {
  /** The longest message, in bytes; a longer one closes the connection with 1009. Default 64 KiB. */
  readonly maxMessage?: number
  /** The most fragments that a message may come in. Default 256. */
  readonly maxFragments?: number
  /**
   * A peer that is silent this long is sent a ping, and one that is silent three times as long is dropped; both only
   * while its link reads. Default 20,000 ms; 0 never.
   */
  readonly pingIntervalMs?: number
  /** May texts that are written in one turn be merged into one message? Default `message`: no. */
  readonly text?: 'message' | 'stream'
  /**
   * Offer `permessage-deflate`, in a form whose memory is bounded: no context is kept between messages, windows of
   * 2 KiB, nothing shorter than 1 KiB is compressed. Default false: a connection that has used it keeps some 120 KB
   * until it closes, and for text that comes line by line it costs far more time than it saves.
   */
  readonly compression?: boolean
}

interface ListeningOptions extends CommonOptions {
  /** The path that is ours. Default `/ws`. */
  readonly path?: string
  /**
   * Which pages may connect. Default `same-host`: the page's host is the one that it connects to. A list names origins
   * in full (`https://play.example`). Clients that are no browsers send no origin, and are let in.
   */
  readonly origins?: 'same-host' | 'any' | readonly string[]
  /** The request headers that are kept as facts. Default `host`, `origin` and `user-agent`. */
  readonly headers?: readonly string[]
  /** Proxies whose word is believed on who the peer is, and the header they say it in. Default: nobody's. */
  readonly forwarded?: ForwardedOptions
}

/** Proxies that name the peer in a header of the upgrade request. */
export interface ForwardedOptions {
  /** Addresses and networks (`10.0.0.0/8`). What others say is not believed, and counting starts from the right. */
  readonly from: readonly string[]
  /** Default `x-forwarded-for`; `forwarded` is RFC 7239. */
  readonly header?: 'x-forwarded-for' | 'forwarded'
}

/** To listen beside the pages of an HTTP server that is somebody else's. */
export interface AttachedOptions extends ListeningOptions {
  /** The server that they come to; it stays its owner's, pages, timeouts and all. */
  readonly server: HttpServer | HttpsServer
}

/** To listen on a port of its own. */
export interface PortOptions extends ListeningOptions {
  /** 0 listens on any free port; the listener's `addresses` say which. */
  readonly port: number
  /** An address or a name, or several. Default `127.0.0.1`: this machine alone. */
  readonly host?: string | readonly string[]
  /** IPv6 alone, where an IPv6 address would take IPv4 too. Default false. */
  readonly ipv6Only?: boolean
  /** How many connections may wait in the kernel. Default 1,024. */
  readonly backlog?: number
  /** How long a client may take from connecting to the end of its upgrade. Default 10,000 ms. */
  readonly upgradeDeadlineMs?: number
  /** Every connection begins with a PROXY protocol header from one of these. */
  readonly proxy?: ProxyOptions
  /** Speaks `wss`: one certificate for each name that clients may ask for. */
  readonly certificates?: readonly CertificateSource[]
  /** Ask clients for a certificate. Default: they are not asked. */
  readonly clientCertificates?: ClientCertificates
  /** The oldest version of TLS to speak. Default `TLSv1.2`. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
}

/** To connect. */
export interface ClientOptions extends CommonOptions {
  /** `ws://…` or `wss://…`. */
  readonly url: string | URL
  /** Headers of the upgrade request. */
  readonly headers?: Readonly<Record<string, string>>
  /** For `wss`: who vouches for the server, in PEM. Default: those whom Node trusts. */
  readonly ca?: string | Buffer | (string | Buffer)[]
  /** For `wss`: refuse a server whom nobody vouches for. Default true. */
  readonly verify?: boolean
}

/** What a link needs to know. */
export interface LinkSettings {
  readonly maxMessage: number
  readonly maxFragments: number
  readonly pingIntervalMs: number
  readonly text: 'message' | 'stream'
  readonly compression: boolean
}

/** What taking an upgrade needs to know. */
export interface UpgradeSettings extends LinkSettings {
  readonly path: string
  readonly origins: 'same-host' | 'any' | readonly string[]
  readonly headers: readonly string[]
  readonly forwarded: ForwardedOptions | undefined
}

const KEPT_HEADERS = ['host', 'origin', 'user-agent'] as const

/** Fills in the defaults. Throws a TypeError for a number that is none. */
export function linkSettings(options: CommonOptions): LinkSettings {
  return {
    maxMessage: wholeNumber('maxMessage', options.maxMessage ?? 64 * 1024, 1),
    maxFragments: wholeNumber('maxFragments', options.maxFragments ?? 256, 1),
    pingIntervalMs: wholeNumber('pingIntervalMs', options.pingIntervalMs ?? 20_000, 0),
    text: options.text ?? 'message',
    compression: options.compression ?? false,
  }
}

/** Fills in the defaults. Throws a TypeError for a path or a number that is none. */
export function upgradeSettings(options: AttachedOptions | PortOptions): UpgradeSettings {
  const { path = '/ws' } = options
  if (!path.startsWith('/') || /[?#]/.test(path)) {
    throw new TypeError(`path begins with a slash and has no query, unlike '${path}'.`)
  }
  return {
    ...linkSettings(options),
    path,
    origins: options.origins ?? 'same-host',
    headers: (options.headers ?? KEPT_HEADERS).map((name) => name.toLowerCase()),
    forwarded: options.forwarded,
  }
}
