import type { DatagramSocket, Listener, Offer, Socket } from '@mudwire/core'
import type { Place } from './addresses.ts'
import type { Arrivals } from './arrivals.ts'
import type { Callback } from './callback.ts'
import type { Caller } from './caller.ts'
import type { Mode } from './modes.ts'
import type { Release } from './releasing.ts'
import type { TlsOptions } from './tls-options.ts'

/** As `socket_status` names them. */
export type State = 'CLOSED' | 'CLOSING' | 'UNBOUND' | 'BOUND' | 'LISTEN' | 'HANDSHAKE' | 'DATA_XFER'

/** The one socket of core's that stands under a descriptor. What comes next takes its place, under the same number. */
export type Endpoint =
  | { readonly kind: 'stream'; readonly socket: Socket }
  | { readonly kind: 'listener'; readonly socket: Listener }
  | { readonly kind: 'datagram'; readonly socket: DatagramSocket }

/** What the efuns remember of a socket. The number is for ever: it is never given to another one. */
export class Descriptor {
  readonly number: number
  readonly mode: Mode
  endpoint: Endpoint
  local: Place | undefined
  remote: Place | undefined
  /** For new connections instead, while it listens. */
  read: Callback | undefined
  write: Callback | undefined
  close: Callback | undefined
  /** Nothing more is taken: it is connecting, or the last write has not left yet. The write callback follows. */
  blocked = false
  /** The peer is gone, and the close callback is running. The socket still answers, and goes nowhere any more. */
  ending = false
  /** The release that is open. */
  offer: Offer<Release> | undefined
  /** A bind or a listen that is under way, with what it will return. */
  opening: { readonly socket: Endpoint['socket']; readonly result: Promise<number> } | undefined
  /** Calls the listen callback. */
  arrivals: Arrivals | undefined
  /** How many connections have been accepted. */
  accepted = 0
  /** Datagrams that wait for the socket that sends them. */
  waitingDatagrams = 0
  tls: TlsOptions | undefined
  #owner: Caller
  #state: State

  constructor(number: number, mode: Mode, owner: Caller, state: State, endpoint: Endpoint) {
    this.number = number
    this.mode = mode
    this.endpoint = endpoint
    this.#owner = owner
    this.#state = state
    owner.descriptors.add(this)
  }

  get owner(): Caller {
    return this.#owner
  }

  /** Somebody has acquired it. */
  set owner(caller: Caller) {
    this.#owner.descriptors.delete(this)
    this.#owner = caller
    caller.descriptors.add(this)
  }

  get state(): State {
    if (this.#state === 'CLOSING' && this.unsent === 0) this.#state = 'CLOSED'
    return this.#state
  }

  set state(state: State) {
    this.#state = state
    if (!this.isLive) this.#owner.descriptors.delete(this)
  }

  /** Can anything be done with it? */
  get isLive(): boolean {
    return this.#state !== 'CLOSED' && this.#state !== 'CLOSING'
  }

  /** Is it this socket of core's that stands under it now, and not one that it has replaced? */
  holds(socket: unknown): boolean {
    return this.isLive && this.endpoint.socket === socket
  }

  get unsent(): number {
    return this.endpoint.kind === 'stream' ? this.endpoint.socket.unsent : 0
  }
}
