import type { Party } from './negotiator.ts'
import type { Session } from './session.ts'

/** One option of telnet: its number, and what it is on either side. */
export interface TelnetOption {
  readonly code: number
  readonly server: Role
  readonly client: Role
}

/** What an option is on one side. What is absent is refused. */
export interface Role {
  /**
   * How this side opens it, without being asked: `us` says WILL, `him` says DO. One of the two and never both: TinTin++
   * keeps one bit for both directions, and ignores the second.
   */
  readonly opens?: Party
  /** The answer says something about the client's terminal, and is waited for. */
  readonly informs?: true
  /** Whether it is offered at all. Default true. */
  offered?(session: Session): boolean
  /** May that party have it in force when the peer wants it so? */
  allows?(party: Party, session: Session): boolean
  /** It has come into force, or has ceased to be. */
  changed?(party: Party, isOn: boolean, session: Session): void
  /** A subnegotiation. It is the peer's word, and may be anything. */
  received?(body: Uint8Array, session: Session): void
}
