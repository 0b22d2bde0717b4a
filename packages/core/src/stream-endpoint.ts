import type { Address } from './address.ts'
import type { Attempt } from './attempt.ts'
import { type CloseReason, isClean } from './close-reason.ts'
import type { Context } from './context.ts'
import { Endpoint } from './endpoint.ts'
import type { ErrorCode } from './errors.ts'
import { type AnySocketHandlers, modeOf, NO_HANDLERS } from './handlers.ts'
import { Inbound } from './inbound.ts'
import { Linger } from './linger.ts'
import type { Position } from './observer.ts'
import { settle } from './offer-record.ts'
import { type SocketLimits, type SocketOptions, withOptions } from './options.ts'
import { Outbound } from './outbound.ts'
import type { Demand } from './pull.ts'
import type { Mode } from './reader.ts'
import type { Socket } from './socket.ts'
import { SocketHandle } from './socket-handle.ts'
import type { Link, LinkFacts } from './transport.ts'

const NO_ADDRESSES: readonly Address[] = Object.freeze([])

/** A connection: its life from connecting to closed, between a link below and an owner above. */
export class StreamEndpoint extends Endpoint {
  readonly inbound: Inbound
  readonly outbound: Outbound
  limits: SocketLimits
  /** Undefined while it is connecting. */
  link: Link | undefined
  /** The attempt to connect, until it has succeeded. */
  attempt: Attempt<Address> | undefined
  /** It is closing, and why: what the owner hears unless something worse happens on the way. */
  #linger: Linger | undefined
  #sticky: Map<string, unknown> | undefined

  constructor(context: Context, transport: string, limits: SocketLimits) {
    super(context, transport)
    this.limits = limits
    this.inbound = new Inbound(this)
    this.outbound = new Outbound(this)
  }

  get kind(): 'stream' {
    return 'stream'
  }

  get local(): Address | undefined {
    return this.link?.local
  }

  get remote(): Address | undefined {
    return this.link?.remote
  }

  get facts(): LinkFacts | undefined {
    return this.link?.facts
  }

  get addresses(): readonly Address[] {
    return NO_ADDRESSES
  }

  get position(): Position {
    return { read: this.inbound.position, written: this.outbound.position }
  }

  get dropped(): number {
    return 0
  }

  last(name: string): unknown {
    return this.#sticky?.get(name)
  }

  keepSticky(name: string, payload: unknown): void {
    if (!this.link?.stickySignals?.has(name)) return
    this.#sticky ??= new Map()
    this.#sticky.set(name, payload)
  }

  // Ownership.

  setHandlers(handlers: AnySocketHandlers): void {
    this.inbound.install(handlers, modeOf(handlers))
    this.handlersChanged()
  }

  /** The owner reads with an iterator, or with nothing any more. */
  readOnDemand(handlers: AnySocketHandlers, mode: Mode, demand: Demand | undefined): void {
    this.inbound.install(handlers, mode, demand)
    this.refresh()
  }

  refresh(): void {
    this.inbound.refresh()
  }

  deliver(): void {
    this.inbound.deliver()
  }

  protected get hasCloseHandler(): boolean {
    return this.inbound.handlers.close !== undefined
  }

  protected callClose(reason: CloseReason): void {
    this.inbound.handlers.close?.(reason, this.handle as Socket)
  }

  protected adopt(handlers: AnySocketHandlers = NO_HANDLERS, options?: SocketOptions): object {
    const mode = modeOf(handlers)
    this.limits = withOptions(this.limits, options)
    this.inbound.install(handlers, mode)
    this.paused = false
    return new SocketHandle(this)
  }

  protected silence(): void {
    this.inbound.install(NO_HANDLERS, 'none')
  }

  // Life.

  /** The link is there: what was written while connecting goes out. */
  opened(link: Link): void {
    this.link = link
    this.life = 'open'
    this.inbound.messages = link.shape === 'message'
    this.callLink(() => link.attach(this.inbound))
    this.outbound.flush()
    this.refresh()
  }

  setReading(wanted: boolean): void {
    const { link } = this
    if (link) this.callLink(() => (wanted ? link.resume() : link.pause()))
  }

  signalOut(name: string, payload: unknown): boolean {
    const { link } = this
    if (this.life !== 'open' || !link?.signal || this.inbound.isGone) return false
    this.outbound.flush()
    return this.callLink(() => link.signal?.(name, payload)) === true
  }

  /** Flushes, then ends the link, which lingers until the peer has everything. Held input is dropped. */
  shutDown(reason: CloseReason): void {
    if (this.isOver) return
    const { link } = this
    const cause = this.withUnread(reason)
    if (!link || this.inbound.isGone) {
      this.attempt?.abandon()
      this.finish(this.withUnsent(cause))
      return
    }
    this.outbound.flush()
    // A link that broke in that flush has closed the socket already.
    if (this.isOver) return
    this.life = 'closing'
    this.#linger = new Linger(link, cause, this.context.clock.now(), (unsent) => this.lingerOver(unsent))
    this.context.sweep.add(this.#linger)
    this.refresh()
    if (this.offer) settle(this.offer, 'closed', cause.code)
    this.callLink(() => link.end(cause))
  }

  /** Closes at once; what was not sent is lost. */
  fail(reason: CloseReason): void {
    if (this.life === 'closed') return
    const { link } = this
    const goes = link && !this.inbound.isGone
    this.attempt?.abandon()
    this.finish(this.withUnread(this.withUnsent(reason)))
    if (goes) this.callLink(() => link.abort(reason.error))
  }

  /** The link says that it is closed, or the owner has come to the place where it did. */
  linkClosed(reason: CloseReason): void {
    if (this.life === 'closed') return
    const cause = this.#linger?.cause
    if (!cause) this.finish(this.withUnread(this.withUnsent(reason)))
    else if (isClean(reason) || this.outbound.unsent === 0) this.finish(cause)
    else this.finish(this.withUnsent({ ...reason, by: cause.by }))
  }

  lineTooLong(): void {
    const { lineLimit } = this.limits
    const text = `A line is at most ${lineLimit} bytes long.`
    this.shutDown({ by: 'local', kind: 'overflow', code: 'line-too-long', text, wire: 1009 })
  }

  heldTooMuch(): void {
    const text = 'Too much input is waiting to be read.'
    this.fail({ by: 'local', kind: 'overflow', code: 'overflow', text, wire: 1008 })
  }

  tooSlow(): void {
    const text = 'Too much output is waiting to be sent.'
    this.fail({ by: 'local', kind: 'overflow', code: 'slow-reader', text, wire: 1008 })
  }

  protected override refuse(reason: string | undefined, refused: ErrorCode | undefined): void {
    if (refused === 'EESECURITY') {
      const text = 'The connection is not allowed.'
      this.shutDown({ by: 'local', kind: 'end', code: 'policy', text, wire: 1008 })
      return
    }
    const text = 'Nobody took the connection.'
    this.shutDown({ by: 'local', kind: 'end', code: reason ?? 'refused', text, wire: 1013 })
  }

  protected override finish(reason: CloseReason): void {
    super.finish(reason)
    this.outbound.discard()
    if (this.#linger) this.context.sweep.delete(this.#linger)
    this.refresh()
  }

  private lingerOver(unsent: number): void {
    const cause = this.#linger?.cause
    if (!cause || this.life === 'closed') return
    this.inbound.peer = 'gone'
    this.finish(unsent === 0 ? cause : { ...cause, kind: 'timeout', code: 'linger-timeout', unsent })
  }

  private withUnread(reason: CloseReason): CloseReason {
    const unread = this.inbound.drop()
    return unread > 0 ? { ...reason, unread } : reason
  }

  private withUnsent(reason: CloseReason): CloseReason {
    const { unsent } = this.outbound
    return unsent > 0 ? { ...reason, unsent } : reason
  }
}
