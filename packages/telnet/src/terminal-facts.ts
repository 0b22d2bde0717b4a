/** How many colours: none, the 16 of ANSI, 256, or all of them. */
export type Colours = 'none' | '16' | '256' | 'true'

/** What is known of a terminal and of the client that draws it. It is what the client says, and may be wrong. */
export interface TerminalFacts {
  /** The client's name, as it gives it: `TINTIN++`, `MUDLET`. */
  readonly client?: string
  readonly version?: string
  /** The terminal's type: `XTERM-256COLOR`. */
  readonly type?: string
  readonly colours: Colours
  /** It shows UTF-8: said by the client, or agreed upon. */
  readonly utf8: boolean
  /** A screen reader is in use, as far as the client says so. */
  readonly screenReader: boolean
  /** It makes links of OSC 8. */
  readonly hyperlinks: boolean
  /** `character`: every key is sent as it is typed, and edited and echoed here. */
  readonly mode: 'line' | 'character'
  /** What is compressed. */
  readonly compression: { readonly sent: boolean; readonly received: boolean }
  /** The GMCP packages that the client wants, in lower case. */
  readonly gmcp: readonly string[]
  /** The client has answered what it was asked, or has had the time for it (2 s). */
  readonly settled: boolean
}

/** What options have learned, piece by piece. */
export interface Learned {
  client?: string
  version?: string
  type?: string
  /** The bits of MTTS. */
  mtts?: number
  utf8?: boolean
  hyperlinks?: boolean
  screenReader?: boolean
  colours?: Colours
}

/** The bits of MTTS that say something here, https://tintin.mudhalla.net/protocols/mtts. */
const MTTS = {
  ansi: 1,
  utf8: 4,
  colours256: 8,
  screenReader: 64,
  trueColour: 256,
  hyperlinks: 1024,
} as const

/** How many colours a client has, from the best that it says. */
function coloursOf({ mtts = 0, type = '', colours }: Learned): Colours {
  if (colours) return colours
  if (mtts & MTTS.trueColour || /TRUECOLOR/i.test(type)) return 'true'
  if (mtts & MTTS.colours256 || /256COLOR/i.test(type)) return '256'
  if (mtts & MTTS.ansi) return '16'
  return mtts === 0 && type !== '' && !/^(DUMB|UNKNOWN|NETWORK)/i.test(type) ? '16' : 'none'
}

/** What is known by now, from what the client has said and what is so at the link. */
export function terminalFacts(
  learned: Learned,
  live: Pick<TerminalFacts, 'mode' | 'compression' | 'gmcp' | 'settled'>,
): TerminalFacts {
  const { client, version, type, mtts = 0 } = learned
  return Object.freeze({
    ...(client !== undefined && { client }),
    ...(version !== undefined && { version }),
    ...(type !== undefined && { type }),
    colours: coloursOf(learned),
    utf8: learned.utf8 ?? (mtts & MTTS.utf8) > 0,
    screenReader: learned.screenReader ?? (mtts & MTTS.screenReader) > 0,
    hyperlinks: learned.hyperlinks ?? (mtts & MTTS.hyperlinks) > 0,
    ...live,
  })
}
