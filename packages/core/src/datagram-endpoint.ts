import type { Address } from './address.ts'
import type { Attempt } from './attempt.ts'
import type { CloseReason } from './close-reason.ts'
import type { Context } from './context.ts'
import { DatagramHandle } from './datagram-handle.ts'
import type { DatagramSocket } from './datagram-socket.ts'
import { Endpoint } from './endpoint.ts'
import { type DatagramHandlers, NO_HANDLERS, requireDatagramHandlers } from './handlers.ts'
import { type Datagram, HeldDatagrams } from './held-datagrams.ts'
import type { Position } from './observer.ts'
import { settle } from './offer-record.ts'
import { type DatagramLimits, type DatagramOptions, withDatagramOptions } from './options.ts'
import type { DatagramLink, DatagramSink, LinkFacts } from './transport.ts'

/** A datagram socket: gives each datagram to its owner of that instant, and holds those that nobody reads yet. */
export class DatagramEndpoint extends Endpoint implements DatagramSink {
  limits: DatagramLimits
  handlers: DatagramHandlers = NO_HANDLERS
  /** The attempt to bind, until it has succeeded. */
  attempt: Attempt<Address> | undefined
  /** Undefined while it is connecting. */
  #link: DatagramLink | undefined
  /** It is closing, and why. */
  #cause: CloseReason | undefined
  readonly #held = new HeldDatagrams()
  #read = 0
  #written = 0
  #planned = false

  constructor(context: Context, transport: string, limits: DatagramLimits) {
    super(context, transport)
    this.limits = limits
  }

  get kind(): 'datagram' {
    return 'datagram'
  }

  get local(): Address | undefined {
    return this.#link?.local
  }

  get remote(): Address | undefined {
    return undefined
  }

  get facts(): LinkFacts | undefined {
    return undefined
  }

  get addresses(): readonly Address[] {
    return this.local ? [this.local] : []
  }

  get position(): Position {
    return { read: this.#read, written: this.#written }
  }

  get dropped(): number {
    return this.#held.dropped
  }

  last(): undefined {
    return undefined
  }

  // What the link calls.

  datagram(bytes: Uint8Array, from: Address): void {
    if (this.life !== 'open') return
    if (this.#isReady && this.#held.length === 0 && this.context.turns.busy === 0) this.#run({ bytes, from })
    else {
      this.#held.push(bytes, from, this.limits)
      this.#plan()
    }
  }

  close(reason: CloseReason): void {
    if (this.life === 'closed') return
    this.finish(this.#cause ?? this.#withUnread(reason))
  }

  // What its owner and the driver call.

  opened(link: DatagramLink): void {
    this.#link = link
    this.life = 'open'
    this.callLink(() => link.attach(this))
    this.refresh()
  }

  send(bytes: Uint8Array, to: Address): boolean {
    const link = this.#link
    if (this.life !== 'open' || !link) return false
    const sent = this.callLink(() => link.send(bytes, to)) === true
    if (sent) this.#written += bytes.byteLength
    return sent
  }

  setHandlers(handlers: DatagramHandlers): void {
    requireDatagramHandlers(handlers)
    this.handlers = handlers
    this.handlersChanged()
  }

  refresh(): void {
    this.#plan()
  }

  deliver(): void {
    this.#planned = false
    this.#run(undefined)
  }

  protected get hasCloseHandler(): boolean {
    return this.handlers.close !== undefined
  }

  protected callClose(reason: CloseReason): void {
    this.handlers.close?.(reason, this.handle as DatagramSocket)
  }

  shutDown(reason: CloseReason): void {
    if (this.isOver) return
    const link = this.#link
    const cause = this.#withUnread(reason)
    if (!link) {
      this.attempt?.abandon()
      this.finish(cause)
      return
    }
    this.life = 'closing'
    this.#cause = cause
    if (this.offer) settle(this.offer, 'closed', cause.code)
    this.callLink(() => link.close())
  }

  fail(reason: CloseReason): void {
    if (this.life === 'closed') return
    const link = this.#link
    this.attempt?.abandon()
    this.finish(this.#withUnread(reason))
    if (link) this.callLink(() => link.close())
  }

  protected adopt(handlers: DatagramHandlers = NO_HANDLERS, options?: DatagramOptions): object {
    requireDatagramHandlers(handlers)
    this.limits = withDatagramOptions(this.limits, options)
    this.handlers = handlers
    this.paused = false
    return new DatagramHandle(this)
  }

  protected silence(): void {
    this.handlers = NO_HANDLERS
  }

  // The loop.

  get #isReady(): boolean {
    return (
      this.life === 'open' && this.offer === undefined && !this.paused && this.handlers.datagram !== undefined
    )
  }

  #plan(): void {
    if (this.#planned || this.#held.length === 0 || !this.#isReady) return
    this.#planned = true
    this.context.turns.deliverLater(this)
  }

  /** Delivers while the owner of the moment is ready; a handler may change both. */
  #run(first: Datagram | undefined): void {
    const { turns } = this.context
    turns.enter()
    for (let next = first ?? this.#next(); next; next = this.#next()) this.#hand(next)
    turns.leave()
  }

  #next(): Datagram | undefined {
    return this.#isReady ? this.#held.shift() : undefined
  }

  #hand({ bytes, from }: Datagram): void {
    const { owner } = this
    this.#read += bytes.byteLength
    try {
      // Nothing is delivered without an owner, and an owner has a handle.
      this.handlers.datagram?.(bytes, from, this.handle as DatagramSocket)
    } catch (error) {
      if (owner) this.handlerThrew('datagram', error, owner)
    }
  }

  #withUnread(reason: CloseReason): CloseReason {
    const unread = this.#held.clear()
    return unread > 0 ? { ...reason, unread } : reason
  }
}
