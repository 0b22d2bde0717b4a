import { type ConnectOptions, connect, listen } from './connect.ts'
import type { ListenerHandlers, SocketHandlers } from './handlers.ts'
import type { Listener, ListenOptions } from './listener.ts'
import type { StreamOffer } from './offer.ts'
import { acquire, OfferRecord } from './offer-record.ts'
import type { SocketOptions } from './options.ts'
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

  acquire(offer: StreamOffer, handlers?: SocketHandlers, options?: SocketOptions): Socket | undefined {
    if (!(offer instanceof OfferRecord))
      throw new TypeError('What an owner acquires is an offer that it was given.')
    return acquire(offer, this.#core, handlers, options) as Socket | undefined
  }

  destroy(): void {
    this.#core.context.turns.assertUnguarded()
    this.#core.destroy()
  }

  [Symbol.dispose](): void {
    this.destroy()
  }
}
