/** What the process of the peers is told. */
export type ToPeers =
  | {
      readonly do: 'start'
      readonly seed: number
      readonly ports: Readonly<Record<Kind, number>>
      /** So many at a time. */
      readonly connections: number
    }
  /** Open no more, and let those that are open come to their ends. */
  | { readonly do: 'finish' }

/** What it answers. */
export type FromPeers =
  | { readonly tell: 'ready' }
  /** These are over. */
  | { readonly tell: 'ended'; readonly peers: readonly PeerSide[] }
  /** All are over. `unopened`: so many never came to be. */
  | { readonly tell: 'finished'; readonly unopened: number }

export type Kind = 'tcp' | 'telnet' | 'websocket'

/** A connection as its peer saw it. */
export interface PeerSide {
  readonly kind: Kind
  /** Its port, which numbers its bytes too. */
  readonly port: number
  readonly sent: number
  readonly received: number
  /** Where something else came than belongs there. */
  readonly wrongAt?: number
  /** How the peer went: not at all, properly, or with a reset or in the middle of a message. */
  readonly left: 'no' | 'ended' | 'broke'
  /** It saw the other side end properly. */
  readonly sawEnd: boolean
  /** It read nothing for longer than a closed socket waits for its peer. */
  readonly slept: boolean
}
