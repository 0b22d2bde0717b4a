import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'

/** Where WebSocket connections are taken, and which. */
export interface WebSocketOptions {
  /** The server that they come to; it stays its owner's, pages, timeouts and all. */
  readonly server: HttpServer | HttpsServer
  /** The path that is ours. Default `/ws`. */
  readonly path?: string
  /**
   * Which pages may connect. Default `same-host`: the page's host is the one that it connects to. A list names origins
   * in full (`https://play.example`). Clients that are no browsers send no origin, and are let in.
   */
  readonly origins?: 'same-host' | 'any' | readonly string[]
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
  /** The request headers that are kept as facts. Default `host`, `origin` and `user-agent`. */
  readonly headers?: readonly string[]
}

/** The options with their defaults. */
export type WebSocketSettings = Required<WebSocketOptions>

const KEPT_HEADERS = ['host', 'origin', 'user-agent'] as const

/** Fills in the defaults. Throws a TypeError for a path that is none. */
export function withDefaults(options: WebSocketOptions): WebSocketSettings {
  const { path = '/ws' } = options
  if (!path.startsWith('/') || /[?#]/.test(path)) {
    throw new TypeError(`path begins with a slash and has no query, unlike '${path}'.`)
  }
  return {
    server: options.server,
    path,
    origins: options.origins ?? 'same-host',
    maxMessage: options.maxMessage ?? 64 * 1024,
    maxFragments: options.maxFragments ?? 256,
    pingIntervalMs: options.pingIntervalMs ?? 20_000,
    text: options.text ?? 'message',
    headers: (options.headers ?? KEPT_HEADERS).map((name) => name.toLowerCase()),
  }
}
