import type { Address } from './address.ts'
import type { CloseOptions } from './close-reason.ts'
import type { ListenerHandlers, SocketHandlers } from './handlers.ts'
import type { Releasable } from './offer.ts'
import type { SocketOptions } from './options.ts'
import type { HandleState, Socket } from './socket.ts'

/** The options of a listener, and with them those of the sockets that it accepts. */
export interface ListenOptions extends SocketOptions {
  /** How long an `accepted` that returns a promise may take to acquire. Default 5,000 ms, at most 60,000. */
  readonly acceptDeadlineMs?: number
  /** How many connections may wait while nobody takes them; further ones are refused. Default 128. */
  readonly queueLimit?: number
  /** Stops an attempt to listen that is still under way. */
  readonly signal?: AbortSignal
}

/**
 * An owner's handle on a listener. What holds for a {@link Socket}'s handle holds for it; to release it, with everybody
 * who waits in it, is inetd's `wait` mode.
 */
export interface Listener extends Releasable, Disposable {
  /** Unique within the driver; the same for every owner of this listener. */
  readonly id: number
  readonly state: HandleState
  /** The transport's name. */
  readonly transport: string
  /** Where it listens, with real ports; empty until then. */
  readonly addresses: readonly Address[]
  /** Resolves with the addresses when it listens; rejects with a SocketError, never unhandled. */
  readonly opened: Promise<readonly Address[]>
  /** How many connections wait to be taken. */
  readonly waiting: number

  /** Takes the connection that waits longest; undefined where none does, or where the policy refused it. */
  accept(handlers?: SocketHandlers, options?: SocketOptions): Socket | undefined
  /** Lets new connections wait, unread. 128 do so, for 60 s at most; others are refused. */
  pause(): void
  /** Gives them to the handler again, those that waited first. */
  resume(): void
  /** Changes the handlers. */
  handle(handlers: ListenerHandlers): void

  /** Stops listening and refuses who waits. Sockets that were accepted stay. The `closed` handler follows. */
  close(options?: CloseOptions): void
}
