import type { LineEditor } from './line-editor.ts'
import type { Negotiator } from './negotiator.ts'
import type { Charset } from './nvt.ts'
import type { GmcpState } from './options/gmcp.ts'
import type { TelnetSettings } from './telnet-options.ts'
import type { Learned } from './terminal-facts.ts'

/** What an option may use of the link it belongs to, and the state that options keep there. */
export interface Session {
  readonly settings: TelnetSettings
  readonly negotiator: Negotiator
  /** The peer reads what it is answered. */
  readonly mayAnswer: boolean
  /** Compression may be offered, or taken, on this link. */
  readonly mayCompress: boolean
  /** What the client has said of itself; call `learned` after a change. */
  readonly facts: Learned
  gmcp: GmcpState | undefined
  /** There where keys arrive as they are typed. */
  editor: LineEditor | undefined
  /** Answers to TTYPE so far. */
  terminalTypes: string[] | undefined

  now(): number
  /** Sends a command. */
  send(bytes: readonly number[]): void
  /** Sends a subnegotiation. */
  subnegotiate(option: number, body: Uint8Array | readonly number[]): void
  /** Tells the owner, in order with the data. */
  tell(name: string, payload: unknown): void
  /** Something about the client has changed. */
  learned(): void
  /** One more answer is awaited, or has come: what is settled when there is none. */
  awaiting(answer: string): void
  answered(answer: string): void
  /** Prompts can be marked from now on. */
  markPrompt(): void
  /** Keys arrive as they are typed from now on, or lines again. */
  setCharacterMode(isOn: boolean): void
  /** What is sent, and what arrives, is in this charset. */
  setCharset(charset: Charset): void
  startDeflating(): void
  stopDeflating(): void
  /** What arrives behind this place is compressed. */
  startInflating(): void
}
