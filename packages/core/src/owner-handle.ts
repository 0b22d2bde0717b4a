import { bind, type ConnectOptions, connect, listen } from './connect.ts'
import type { BindOptions, DatagramSocket } from './datagram-socket.ts'
import type { DatagramHandlers, ListenerHandlers, SocketHandlers } from './handlers.ts'
import type { Listener, ListenOptions } from './listener.ts'
import type { Offer } from './offer.ts'
import { acquire, OfferRecord } from './offer-record.ts'
import type { Owner, OwnerRef } from './owner.ts'
import type { OwnerCore } from './owner-core.ts'
import type { Socket } from './socket.ts'
import type { Transport } from './transport.ts'

export class OwnerHandle implements Owner {
  readonly #core: OwnerCore

  constructor(core: OwnerCore) {
    this.#core = core
  }

  get name(): string {
    return this.#core.name
  }

  get ref(): OwnerRef {
    return this.#core.ref
  }

  get destroyed(): boolean {
    return this.#core.destroyed
  }

  get size(): number {
    return this.#core.size
  }

  listen(transport: Transport, handlers?: ListenerHandlers, options: ListenOptions = {}): Listener {
    return listen(this.#core, transport, handlers, options)
  }

  connect(transport: Transport, handlers?: SocketHandlers, options: ConnectOptions = {}): Socket {
    return connect(this.#core, transport, handlers, options)
  }

  bind(transport: Transport, handlers?: DatagramHandlers, options: BindOptions = {}): DatagramSocket {
    return bind(this.#core, transport, handlers, options)
  }

  acquire<Offered extends Offer>(
    offer: Offered,
    ...answer: Parameters<Offered['acquire']>
  ): ReturnType<Offered['acquire']> {
    const given: unknown = offer
    if (!(given instanceof OfferRecord))
      throw new TypeError('What an owner acquires is an offer that it was given.')
    return acquire(given, this.#core, ...answer) as ReturnType<Offered['acquire']>
  }

  run(name: string, task: () => void): void {
    this.#core.run(name, task)
  }

  destroy(): void {
    this.#core.context.turns.assertUnguarded()
    this.#core.destroy()
  }

  [Symbol.dispose](): void {
    this.destroy()
  }
}
