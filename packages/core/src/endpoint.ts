import type { Address } from './address.ts'
import type { CloseReason } from './close-reason.ts'
import type { Context } from './context.ts'
import type { ErrorCode } from './errors.ts'
import type { LinkedList } from './linked-list.ts'
import type { EndpointInfo, EndpointKind, Life, Position } from './observer.ts'
import type { OfferResult } from './offer.ts'
import { type OfferRecord, settle } from './offer-record.ts'
import type { OwnerCore } from './owner-core.ts'
import type { PolicyRequest } from './policy.ts'
import { offerToHeir } from './release.ts'
import type { LinkFacts } from './transport.ts'
import type { Closer, Deliverer } from './turns.ts'

/**
 * Core's side of a connection, a listener or a datagram socket, as far as ownership goes: whose it is, which handle is
 * valid, and the one offer that may be open. What travels in a hand-over are the fields of its subclasses; nothing is
 * copied.
 */
export abstract class Endpoint implements Deliverer, Closer {
  readonly context: Context
  readonly id: number
  readonly since: number
  readonly transport: string
  life: Life = 'connecting'
  /** Undefined only for a connection that has arrived and that nobody has acquired yet. */
  owner: OwnerCore | undefined
  /** The one handle that may act. */
  handle: object | undefined
  /** One more for every acquire. */
  epoch = 0
  offer: OfferRecord | undefined
  /** The owner wants nothing delivered for now. */
  paused = false
  /** Why it is closed, until the owner has heard of it. */
  private untold: CloseReason | undefined

  /** The list it is on, and its place there; on none when it is closed. */
  list: LinkedList<Endpoint> | undefined
  previous: Endpoint | undefined
  next: Endpoint | undefined

  #info: EndpointInfo | undefined

  constructor(context: Context, transport: string) {
    this.context = context
    this.id = context.nextId()
    // A whole number takes no memory of its own.
    this.since = Math.trunc(context.clock.now())
    this.transport = transport
    context.unowned.add(this)
  }

  abstract get kind(): EndpointKind
  abstract get local(): Address | undefined
  abstract get remote(): Address | undefined
  abstract get facts(): LinkFacts | undefined
  abstract get addresses(): readonly Address[]
  abstract get position(): Position
  abstract get dropped(): number
  abstract last(name: string): unknown
  abstract deliver(): void
  /** False: the owner does not ask for the close, and would hear of it if it brought a handler for it now. */
  protected abstract get hasCloseHandler(): boolean
  /** Calls the owner's handler for the close. */
  protected abstract callClose(reason: CloseReason): void
  /** Looks again at whether it can deliver and read, after something about that has changed. */
  abstract refresh(): void
  /** Takes the new owner's handlers and mints its handle. Throws before anything has changed, or not at all. */
  protected abstract adopt(handlers: object | undefined, options: object | undefined): object
  /** No handler of the present owner is to run again. */
  protected abstract silence(): void
  /** Flushes and closes. */
  abstract shutDown(reason: CloseReason): void
  /** Closes at once. */
  abstract fail(reason: CloseReason): void
  /** An arriving connection that nobody acquired. */
  protected refuse(_reason: string | undefined, _refused: ErrorCode | undefined): void {}

  /** No longer to be had: every operation answers EEBADF. */
  get isOver(): boolean {
    return this.life === 'closing' || this.life === 'closed'
  }

  /** What observers see of it. */
  get info(): EndpointInfo {
    this.#info ??= new Info(this)
    return this.#info
  }

  allows(operation: PolicyRequest['operation'], owner: OwnerCore | undefined, target?: OwnerCore): boolean {
    const { context } = this
    if (!context.hasPolicy) return true
    return context.allows({
      operation,
      owner: owner?.ref,
      target: target?.ref,
      kind: this.kind,
      transport: this.transport,
      local: this.local,
      remote: this.remote,
    })
  }

  /** Moves the authority, there and then. Delivery follows on a later turn. */
  transfer(acquirer: OwnerCore, handlers: object | undefined, options: object | undefined): object {
    const handle = this.adopt(handlers, options)
    this.list?.remove(this)
    acquirer.add(this)
    this.owner = acquirer
    this.handle = handle
    this.epoch += 1
    this.offer = undefined
    this.refresh()
    return handle
  }

  announceAcquired(from: OwnerCore | undefined, acquirer: OwnerCore): void {
    const { context } = this
    if (context.observing) context.tellHandOver('acquired', this.info, from?.ref, acquirer.ref)
  }

  acquireRefused(from: OwnerCore | undefined, acquirer: OwnerCore, code: ErrorCode): void {
    const { context } = this
    if (context.observing) context.tell('declined', this.info, from?.ref, acquirer.ref, { code })
  }

  /** Its offer has come to nothing; `refused` is why the last acquire of it did. */
  offerFailed(
    from: OwnerCore | undefined,
    target: OwnerCore,
    outcome: OfferResult,
    refused: ErrorCode | undefined,
  ): void {
    const { context } = this
    if (!this.isOver && !outcome.acquired) {
      if (from === undefined) this.refuse(outcome.reason, refused)
      else this.refresh()
    }
    if (context.observing && !outcome.acquired) {
      const { code, reason } = outcome
      context.tell(
        'declined',
        this.info,
        from?.ref,
        target.ref,
        reason === undefined ? { code } : { code, reason },
      )
    }
  }

  /** The owner is gone, and has put this among those without one: it goes to the heir, or is closed. */
  ownerDestroyed(): void {
    this.silence()
    this.handle = undefined
    if (this.offer) settle(this.offer, 'closed', 'owner-destroyed')
    if (this.isOver) return
    if (this.life === 'open' && this.owner && offerToHeir(this, this.owner)) return
    this.shutDown({ by: 'local', kind: 'end', code: 'owner-destroyed' })
  }

  deliverClose(): void {
    const { owner, untold: reason } = this
    if (!reason || !owner || owner.destroyed || !this.hasCloseHandler) return
    this.untold = undefined
    const { turns } = this.context
    turns.enter()
    try {
      this.callClose(reason)
    } catch (error) {
      this.report('close', error, owner)
    }
    turns.leave()
    this.silence()
  }

  /** Calls the error hook for a handler that threw. */
  report(handler: string, error: unknown, owner: OwnerCore): void {
    this.context.report({ error, owner: owner.ref, socket: this.info, handler })
  }

  /** Reports it, and closes where the owner wants that. */
  handlerThrew(handler: string, error: unknown, owner: OwnerCore): void {
    this.report(handler, error, owner)
    if (owner.options.onError !== 'close' || this.owner !== owner || this.isOver) return
    this.shutDown({
      by: 'local',
      kind: 'error',
      code: 'handler-threw',
      ...(error instanceof Error && { error }),
    })
  }

  /** Calls the link; whatever it calls back meanwhile is only queued, and what it throws closes the socket. */
  callLink<Result>(call: () => Result): Result | undefined {
    const { turns } = this.context
    turns.busy += 1
    try {
      return call()
    } catch (error) {
      this.linkThrew(error)
      return undefined
    } finally {
      turns.busy -= 1
    }
  }

  /** A link must not throw; one that does is not to be trusted any further. */
  linkThrew(error: unknown): void {
    const cause = error instanceof Error ? error : new Error(String(error))
    this.fail({ by: 'transport', kind: 'error', code: 'link-threw', text: cause.message, error: cause })
  }

  /** The owner has brought other handlers. One that had none may not have heard yet that it was closed. */
  protected handlersChanged(): void {
    if (this.life === 'closed') this.context.turns.closeLater(this)
    else this.refresh()
  }

  /** The end of it: settles what is open, and plans the owner's close handler for a later turn. */
  protected finish(reason: CloseReason): void {
    this.life = 'closed'
    this.untold = reason
    if (this.offer) settle(this.offer, 'closed', reason.code)
    if (this.hasCloseHandler) this.context.turns.closeLater(this)
    this.context.forget(this)
    if (this.context.observing) this.context.tell('closed', this.info, reason)
  }
}

/** The facts of an endpoint, live and without authority. */
class Info implements EndpointInfo {
  readonly #endpoint: Endpoint

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
  }

  get id(): number {
    return this.#endpoint.id
  }
  get kind(): EndpointKind {
    return this.#endpoint.kind
  }
  get transport(): string {
    return this.#endpoint.transport
  }
  get state(): Life {
    return this.#endpoint.life
  }
  get owner(): EndpointInfo['owner'] {
    return this.#endpoint.owner?.ref
  }
  get local(): Address | undefined {
    return this.#endpoint.local
  }
  get remote(): Address | undefined {
    return this.#endpoint.remote
  }
  get facts(): LinkFacts | undefined {
    return this.#endpoint.facts
  }
  get epoch(): number {
    return this.#endpoint.epoch
  }
  get position(): Position {
    return this.#endpoint.position
  }
  get dropped(): number {
    return this.#endpoint.dropped
  }
  get since(): number {
    return this.#endpoint.since
  }
}
