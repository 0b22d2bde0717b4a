import type { ConnectOptions } from './connect.ts'
import type { BindOptions, DatagramSocket } from './datagram-socket.ts'
import type { DatagramHandlers, ListenerHandlers, SocketHandlers } from './handlers.ts'
import type { Listener, ListenOptions } from './listener.ts'
import type { Offer } from './offer.ts'
import type { Socket } from './socket.ts'
import type { Transport } from './transport.ts'

declare const accepts: unique symbol

/**
 * Names an owner as the target of a release, and gives no authority over it. `Message` is what may be told with an
 * offer to it.
 */
export interface OwnerRef<in Message = unknown> {
  /** For logs and for people; need not be unique. */
  readonly name: string
  /** Unique within the driver. For logs; nothing is looked up by it. */
  readonly id: number
  /** A destroyed owner can no longer be offered anything. */
  readonly destroyed: boolean
  /** Exists for the type alone: a ref for one kind of message is none for another. */
  readonly [accepts]?: (message: Message) => void
}

/** What an heir is told with each socket that it inherits. */
export interface Inherited {
  readonly inherited: true
}

/** What an owner is and does, given to `driver.owner`. */
export interface OwnerOptions<Message> {
  /**
   * Somebody offers a socket, a listener or a datagram socket. Acquire it with `offer.acquire(handlers)`; to return without is to
   * decline. Under `offer`, but not under `release`, a promise may be returned, and the answer given until it settles.
   */
  offered?(offer: Offer<Message>): void | Promise<void>
  /** Gets the sockets of this owner when it is destroyed, one offer each. Without one they are closed. */
  readonly heir?: OwnerRef<Inherited>
  /** What happens to a socket whose handler threw, beside the report to the error hook. Default `keep`. */
  readonly onError?: 'keep' | 'close'
}

/** An identity that holds sockets, and the authority to act as it. Keep it to yourself; give away `ref`. */
export interface Owner<Message = unknown> extends Disposable {
  /** For logs and for people; need not be unique. */
  readonly name: string
  /** What others may have: they can offer to it, and no more. */
  readonly ref: OwnerRef<Message>
  /** After `destroy`; every method but that one then throws EESECURITY. */
  readonly destroyed: boolean
  /** How many sockets, listeners and datagram sockets it owns. */
  readonly size: number

  /**
   * Listens. Returns at once, in state `connecting`; `opened` resolves with the addresses, or rejects.
   *
   * @throws SocketError EEMODENOTSUPP where the transport cannot listen, EESECURITY where the policy refuses.
   */
  listen(transport: Transport, handlers?: ListenerHandlers, options?: ListenOptions): Listener
  /**
   * Connects. Returns at once, in state `connecting`: what is written already goes out when the connection is made.
   *
   * @throws SocketError EEMODENOTSUPP where the transport cannot connect, EESECURITY where the policy refuses.
   */
  connect(transport: Transport, handlers?: SocketHandlers, options?: ConnectOptions): Socket
  /**
   * Binds a datagram socket. Returns at once, in state `connecting`; `opened` resolves with the address, or rejects.
   *
   * @throws SocketError EEMODENOTSUPP where the transport has no datagrams, EESECURITY where the policy refuses.
   */
  bind(transport: Transport, handlers?: DatagramHandlers, options?: BindOptions): DatagramSocket
  /**
   * Answers an offer as this owner. `offer.acquire` is the same in the name of the target; here, being somebody else
   * is refused with EESECURITY, which `offer.refused` then says.
   */
  acquire<Offered extends Offer>(
    offer: Offered,
    ...answer: Parameters<Offered['acquire']>
  ): ReturnType<Offered['acquire']>
  /**
   * Runs a task as if it were a handler of this owner, at once or, inside a call into the driver, on a later turn: what
   * it writes leaves together, and what it throws goes to the error hook under `name`. For what is built on core and
   * calls its users on its own account. Does nothing for an owner that is destroyed by then.
   */
  run(name: string, task: () => void): void
  /**
   * Ends this owner. Offers to it are declined, its own withdrawn; each of its sockets goes to the heir, or is closed
   * with what was written still flushed. None of its handlers runs again. Twice is harmless.
   */
  destroy(): void
}
