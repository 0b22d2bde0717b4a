import type { Address } from './address.ts'
import type { DatagramSocket } from './datagram-socket.ts'
import type { ErrorCode } from './errors.ts'
import type { DatagramHandlers, ListenerHandlers, SocketHandlers } from './handlers.ts'
import type { Listener } from './listener.ts'
import type { Position } from './observer.ts'
import type { DatagramOptions, SocketOptions } from './options.ts'
import type { OwnerRef } from './owner.ts'
import type { InboundPayload, StickySignalName } from './signals.ts'
import type { Socket } from './socket.ts'
import type { LinkFacts } from './transport.ts'

/** `closed`: the socket was closed, or its owner destroyed, while it was on offer. */
export type OfferState = 'open' | 'acquired' | 'declined' | 'withdrawn' | 'closed'

interface OfferBase<Message> {
  /** Who offers it; undefined where the driver offers a connection that has just arrived. */
  readonly from: OwnerRef | undefined
  /** To whom. */
  readonly to: OwnerRef
  /** What the offering side has to say about it. */
  readonly message: Message
  /** The transport's name. */
  readonly transport: string
  /** Whether it can still be answered, and else what became of it. */
  readonly state: OfferState
  /** Why the last acquire of this offer returned undefined. */
  readonly refused: ErrorCode | undefined
  /** Says no. The owner keeps it, and learns the reason. */
  decline(reason?: string): void
}

/** A socket on offer. */
export interface StreamOffer<Message = unknown> extends OfferBase<Message> {
  readonly kind: 'stream'
  /** Undefined while it is still connecting. */
  readonly local: Address | undefined
  readonly remote: Address | undefined
  readonly facts: LinkFacts | undefined
  /** How much earlier owners have read and written. */
  readonly position: Position
  /** The last value of a sticky signal. */
  last<Name extends StickySignalName>(name: Name): InboundPayload<Name> | undefined
  /**
   * Takes the socket, there and then: the old handle is dead, the handlers are swapped, and what is held is delivered
   * on a later turn. Undefined where it came too late or the policy refused; `refused` says which.
   */
  acquire(handlers?: SocketHandlers, options?: SocketOptions): Socket | undefined
}

/** A listener on offer. */
export interface ListenerOffer<Message = unknown> extends OfferBase<Message> {
  readonly kind: 'listener'
  /** Where it listens; empty while it is not known. */
  readonly addresses: readonly Address[]
  /** Takes the listener with the connections that wait in it. */
  acquire(handlers?: ListenerHandlers): Listener | undefined
}

/** A datagram socket on offer. */
export interface DatagramOffer<Message = unknown> extends OfferBase<Message> {
  readonly kind: 'datagram'
  /** Undefined while it is not bound yet. */
  readonly local: Address | undefined
  /** How much earlier owners have read and sent. */
  readonly position: Position
  /** Datagrams that arrived and that were lost because too many were held already. */
  readonly dropped: number
  /** Takes the socket with the datagrams that are held, which are delivered on a later turn. */
  acquire(handlers?: DatagramHandlers, options?: DatagramOptions): DatagramSocket | undefined
}

/** Something on offer, told apart by its `kind`. */
export type Offer<Message = unknown> = StreamOffer<Message> | ListenerOffer<Message> | DatagramOffer<Message>

/**
 * What became of a release or an offer. `acquired` is true if and only if somebody acquired it in this offer, whatever
 * happened afterwards. `owned: false` (EEBADF): it is not the caller's any more.
 */
export type OfferResult =
  | { readonly acquired: true }
  | { readonly acquired: false; readonly code: ErrorCode; readonly reason?: string; readonly owned: boolean }

/** The message that goes with a release: required where the target's ref asks for one. */
export type ReleaseArguments<Message, Options = unknown> = undefined extends Message
  ? [options?: { readonly message?: Message } & Options]
  : [options: { readonly message: Message } & Options]

/** How long an offer waits. */
export interface OfferOptions {
  /** Default 5,000 ms, at most 60,000. */
  readonly deadlineMs?: number
  /** Withdraws the offer when it is aborted. */
  readonly signal?: AbortSignal
}

/** What can be handed over: a socket, or a listener or a datagram socket with what waits in it. */
export interface Releasable {
  /**
   * MudOS's `socket_release`: offers it to another owner, who acquires it or not before this returns. If nobody
   * acquires, nothing has changed, and what to do is the caller's to decide.
   */
  release<Message>(target: OwnerRef<Message>, ...options: ReleaseArguments<Message>): OfferResult
  /**
   * The same handshake with time: the target may answer when its promise settles. Meanwhile nothing is read; this
   * owner keeps full control, may `withdraw`, and may close.
   */
  offer<Message>(
    target: OwnerRef<Message>,
    ...options: ReleaseArguments<Message, OfferOptions>
  ): Promise<OfferResult>
  /** Takes an open offer back. False where there is none. */
  withdraw(): boolean
}
