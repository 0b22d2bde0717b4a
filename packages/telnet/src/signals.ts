import type { TerminalFacts } from './terminal-facts.ts'

/** How large the window is, in characters. */
export interface WindowSize {
  /** 20 to 500. */
  readonly columns: number
  /** 5 to 500. */
  readonly rows: number
}

/** A GMCP message: `{ package: 'Char.Vitals', data: { hp: 40 } }`. */
export interface GmcpMessage {
  /** The name with its package: `Core.Ping`. */
  readonly package: string
  /** What JSON can say; absent where the message is only a name. */
  readonly data?: unknown
}

/** Facts for lists of games (MSSP): `{ NAME: 'Mudwire', PLAYERS: 3, PORT: [4000, 4443] }`. */
export type MsspFacts = Readonly<Record<string, string | number | readonly (string | number)[]>>

declare module '@mudwire/core' {
  interface Signals {
    /** Is what is typed shown? Out: false masks it, for a password. In, at a client: the server has said so. */
    echo: { in: boolean; out: boolean; sticky: true }
    /** From here on lines are secret (true), or are no longer: they were typed while masked. */
    sensitive: { in: boolean; sticky: true }
    /** What was written is a prompt, and complete though no line ends. In, at a client: the server has said so. */
    prompt: { in: undefined; out: undefined }
    /** The size of the window; out: a client tells its own. */
    windowSize: { in: WindowSize; out: WindowSize; sticky: true }
    /** What is known of the terminal and its client. */
    terminal: { in: TerminalFacts; sticky: true }
    /** A GMCP message. False where the peer has not asked for its package. */
    gmcp: { in: GmcpMessage; out: GmcpMessage }
    /** At a client: what the server says of itself. */
    mssp: { in: MsspFacts; sticky: true }
    /** Rings the terminal's bell. */
    bell: { out: undefined }
    /** Out: asks how long a round trip takes. In: the answer, in milliseconds; some clients never give one. */
    roundTrip: { in: number; out: undefined }
    /** Out: false spares a client that cannot bear it the NOP that keeps a silent connection alive. */
    keepAlive: { out: boolean }
  }
}

/** The inbound signals of telnet whose last value is kept. */
export const STICKY: ReadonlySet<string> = new Set(['echo', 'sensitive', 'windowSize', 'terminal', 'mssp'])
