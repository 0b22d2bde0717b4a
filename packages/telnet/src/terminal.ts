import type { InboundPayload, StickySignalName } from '@mudwire/core'
import type { WindowSize } from './signals.ts'
import type { TerminalFacts } from './terminal-facts.ts'

/** What keeps the last value of sticky signals: a socket, or an offer of one. */
export interface Remembers {
  /** The last value of a sticky signal, if there was one. */
  last<Name extends StickySignalName>(name: Name): InboundPayload<Name> | undefined
}

/** The peer's terminal, as far as it is known at this moment. */
export interface Terminal extends TerminalFacts {
  /** Undefined where the client does not tell. */
  readonly size: WindowSize | undefined
}

const UNKNOWN: TerminalFacts = Object.freeze({
  colours: 'none',
  utf8: false,
  screenReader: false,
  hyperlinks: false,
  mode: 'line',
  compression: Object.freeze({ sent: false, received: false }),
  gmcp: Object.freeze([]),
  settled: false,
})

/**
 * The terminal at the other end of a socket, whoever owned it before: from the sticky signals, so that it works for any
 * link that brings those. Asked of a socket that brings none, it says that nothing is known.
 *
 * ```ts
 * const { colours, size, screenReader } = terminal(socket)
 * ```
 */
export function terminal(socket: Remembers): Terminal {
  return { ...(socket.last('terminal') ?? UNKNOWN), size: socket.last('windowSize') }
}
