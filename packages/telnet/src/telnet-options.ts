import { type Clock, systemClock } from '@mudwire/core'
import { wholeNumber } from '@mudwire/core/internal'
import type { MsspFacts, WindowSize } from './signals.ts'

/** How a link speaks telnet. */
export interface TelnetOptions {
  /** Which side it is on. Default `server`: it asks, and a `client` answers. */
  readonly side?: 'server' | 'client'
  /**
   * `auto`: what is sent is UTF-8 until the peer asks for Latin-1, and what arrives and is no UTF-8 is read as Latin-1.
   * `utf-8`: bytes beyond ASCII are left as they are, for owners that read bytes. Default `auto`.
   */
  readonly charset?: 'auto' | 'utf-8'
  /** Offer compression (MCCP 2 and 3), or take it. Default: where the link is not encrypted and has no messages. */
  readonly compression?: boolean
  /** Marks the end of what stands at the end of a turn without a line end, for clients that ask for it. Default true. */
  readonly promptMarks?: boolean
  /**
   * Facts for lists of games, asked for every time. MSSP wants NAME, PLAYERS and UPTIME (the start, in seconds since 1970)
   * at least. Where this throws, the list is told nothing, and `onError` is called.
   */
  readonly mssp?: () => MsspFacts
  /** Is told what `mssp` threw, on a later turn. Default: nobody is. */
  readonly onError?: (error: unknown) => void
  /** After so many milliseconds without output a NOP is sent. Default 30,000; 0 never. */
  readonly keepAliveMs?: number
  /** A longer subnegotiation, in bytes on the wire, is passed over. Default 8,192. */
  readonly subnegotiationLimit?: number
  /** What a client says of itself. */
  readonly client?: ClientIdentity
  /** Where time and later turns come from. Default: the environment's. */
  readonly clock?: Clock
}

/** What a client says of itself. */
export interface ClientIdentity {
  /** Default `MUDWIRE`. */
  readonly name?: string
  /** Default `1`. */
  readonly version?: string
  /** Default `ANSI`. */
  readonly terminalType?: string
  /** The bits of MTTS. Default: ANSI and UTF-8. */
  readonly mtts?: number
  /** Default: the size is not told until `windowSize` is sent. */
  readonly windowSize?: WindowSize
  /** The GMCP packages that it wants, with versions: `['Char 1', 'Room 1']`. Default none, and GMCP is refused. */
  readonly gmcp?: readonly string[]
}

/** The options with their defaults. */
export interface TelnetSettings {
  readonly side: 'server' | 'client'
  readonly charset: 'auto' | 'utf-8'
  readonly compression: boolean | undefined
  readonly promptMarks: boolean
  readonly mssp: (() => MsspFacts) | undefined
  readonly onError: (error: unknown) => void
  readonly keepAliveMs: number
  readonly subnegotiationLimit: number
  readonly client: Required<Omit<ClientIdentity, 'windowSize'>> & Pick<ClientIdentity, 'windowSize'>
  readonly clock: Clock
}

/** Fills in the defaults. Throws a TypeError for what means nothing. */
export function withDefaults(options: TelnetOptions): TelnetSettings {
  const { side = 'server', charset = 'auto', client = {} } = options
  if (side !== 'server' && side !== 'client')
    throw new TypeError(`side is 'server' or 'client', not ${String(side)}.`)
  if (charset !== 'auto' && charset !== 'utf-8') {
    throw new TypeError(`charset is 'auto' or 'utf-8', not ${String(charset)}.`)
  }
  return {
    side,
    charset,
    compression: options.compression,
    promptMarks: options.promptMarks ?? true,
    mssp: options.mssp,
    onError: options.onError ?? (() => {}),
    keepAliveMs: wholeNumber('keepAliveMs', options.keepAliveMs ?? 30_000, 0),
    subnegotiationLimit: wholeNumber('subnegotiationLimit', options.subnegotiationLimit ?? 8_192, 1),
    client: {
      name: client.name ?? 'MUDWIRE',
      version: client.version ?? '1',
      terminalType: client.terminalType ?? 'ANSI',
      mtts: wholeNumber('client.mtts', client.mtts ?? 5, 0),
      gmcp: client.gmcp ?? [],
      ...(client.windowSize && { windowSize: client.windowSize }),
    },
    clock: options.clock ?? systemClock,
  }
}
