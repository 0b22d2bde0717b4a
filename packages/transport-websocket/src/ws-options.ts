import type { PerMessageDeflateOptions } from 'ws'
import type { LinkSettings } from './websocket-options.ts'

/** Longer than core lets a closed link linger, so that core is the one who ends it. */
const CLOSE_TIMEOUT_MS = 32_000

/** 2 to the power of this is a window. */
const WINDOW_BITS = 11

/**
 * Nothing is remembered from one message to the next, and what zlib works with is small. `ws` keeps it for as long as
 * the connection lives all the same; docs/performance.md has what that comes to.
 */
const BOUNDED_DEFLATE: PerMessageDeflateOptions = {
  threshold: 1_024,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: WINDOW_BITS,
  clientMaxWindowBits: WINDOW_BITS,
  zlibDeflateOptions: { level: 3, memLevel: 3, chunkSize: 1_024 },
  zlibInflateOptions: { chunkSize: 1_024 },
  concurrencyLimit: 4,
}

/** What `ws` is to do, for both sides of a connection. */
export interface WsOptions {
  readonly maxPayload: number
  readonly maxFragments: number
  readonly perMessageDeflate: PerMessageDeflateOptions | false
  /** Known to `ws`, and not to its types. */
  readonly closeTimeout: number
}

export function wsOptions({ maxMessage, maxFragments, compression }: LinkSettings): WsOptions {
  return {
    maxPayload: maxMessage,
    maxFragments,
    perMessageDeflate: compression && BOUNDED_DEFLATE,
    closeTimeout: CLOSE_TIMEOUT_MS,
  }
}
