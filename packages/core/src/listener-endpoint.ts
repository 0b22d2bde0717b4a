import type { Address } from './address.ts'
import type { Attempt } from './attempt.ts'
import type { CloseReason } from './close-reason.ts'
import type { Context } from './context.ts'
import { Endpoint } from './endpoint.ts'
import {
  type ListenerHandlers,
  modeOf,
  NO_HANDLERS,
  requireListenerHandlers,
  type SocketHandlers,
} from './handlers.ts'
import { isPromise } from './is-promise.ts'
import type { Listener } from './listener.ts'
import { ListenerHandle } from './listener-handle.ts'
import type { Position } from './observer.ts'
import type { StreamOffer } from './offer.ts'
import { OfferRecord, settle, whenSettled } from './offer-record.ts'
import { type SocketLimits, type SocketOptions, withOptions } from './options.ts'
import type { OwnerCore } from './owner-core.ts'
import { declineWhenOver, THREW } from './release.ts'
import type { Socket } from './socket.ts'
import { StreamEndpoint } from './stream-endpoint.ts'
import type { Link, LinkFacts, ListenerSink, Listening } from './transport.ts'
import { WaitingLinks } from './waiting-links.ts'

const NOWHERE: Position = Object.freeze({ read: 0, written: 0 })

export interface ListenerLimits {
  readonly acceptDeadlineMs: number
  readonly queueLimit: number
  /** For the sockets that it accepts. */
  readonly socket: SocketLimits
}

/** A listener: offers each connection that arrives to its owner, and holds those that nobody takes yet. */
export class ListenerEndpoint extends Endpoint implements ListenerSink {
  readonly limits: ListenerLimits
  handlers: ListenerHandlers = NO_HANDLERS
  /** The attempt to listen, until it has succeeded. */
  attempt: Attempt<readonly Address[]> | undefined
  #listening: Listening | undefined
  /** What the transport was told last. */
  #held = false
  #planned = false
  #cause: CloseReason | undefined
  readonly #waiting: WaitingLinks

  constructor(context: Context, transport: string, limits: ListenerLimits) {
    super(context, transport)
    this.limits = limits
    this.#waiting = new WaitingLinks(context, limits.queueLimit, () => this.info)
  }

  get kind(): 'listener' {
    return 'listener'
  }

  get local(): Address | undefined {
    return this.addresses[0]
  }

  get remote(): Address | undefined {
    return undefined
  }

  get facts(): LinkFacts | undefined {
    return undefined
  }

  get addresses(): readonly Address[] {
    return this.#listening?.addresses ?? []
  }

  get position(): Position {
    return NOWHERE
  }

  get waiting(): number {
    return this.#waiting.length
  }

  get dropped(): number {
    return 0
  }

  last(): undefined {
    return undefined
  }

  // What the transport calls.

  admit(remote: Address): boolean {
    const { owner, handlers } = this
    if (this.isOver || !owner) return false
    if (!handlers.admit) return true
    return this.#call('admit', () => handlers.admit?.(remote, this.handle as Listener)) === true
  }

  accept(link: Link): void {
    if (this.isOver) this.#waiting.refuse(link, 'listener-closed')
    else if (this.#isReady && this.#waiting.length === 0 && this.context.turns.busy === 0) this.#arrived(link)
    else {
      this.#waiting.push(link)
      this.#plan()
    }
  }

  failed(error: Error): void {
    const { context } = this
    if (context.turns.busy > 0) {
      context.clock.defer(() => this.failed(error))
      return
    }
    if (context.observing) context.tell('acceptFailed', this.info, error)
    this.#call('failed', () => this.handlers.failed?.(error, this.handle as Listener))
  }

  close(reason: CloseReason): void {
    if (this.life === 'closed') return
    this.#waiting.refuseAll()
    this.finish(this.#cause ?? reason)
  }

  // What its owner and the driver call.

  opened(listening: Listening): void {
    this.#listening = listening
    this.life = 'open'
    this.refresh()
  }

  /** Takes the connection that waits longest, in the owner's name. */
  take(handlers: SocketHandlers | undefined, options: SocketOptions | undefined): Socket | undefined {
    const { owner } = this
    // Throws for what cannot be meant, before anybody is taken from the queue.
    if (handlers) modeOf(handlers)
    withOptions(this.limits.socket, options)
    if (!owner || this.isOver || this.offer) return undefined
    const link = this.#waiting.shift()
    const socket = link && this.#receive(link, owner)
    if (!socket) return undefined
    const handle = socket.transfer(owner, handlers, options)
    socket.announceAcquired(undefined, owner)
    return handle as Socket
  }

  setHandlers(handlers: ListenerHandlers): void {
    requireListenerHandlers(handlers)
    this.handlers = handlers
    this.handlersChanged()
  }

  refresh(): void {
    if (this.isOver) return
    // Without an `accepted` handler connections are taken one by one with `accept`, so they must be there to take.
    const hold = this.paused || this.offer !== undefined
    if (this.#listening && hold !== this.#held) {
      this.#held = hold
      this.#callTransport(hold ? 'pause' : 'resume')
    }
    this.#plan()
  }

  deliver(): void {
    this.#planned = false
    while (this.#isReady) {
      const link = this.#waiting.shift()
      if (!link) break
      this.#arrived(link)
    }
  }

  protected get hasCloseHandler(): boolean {
    return this.handlers.closed !== undefined
  }

  protected callClose(reason: CloseReason): void {
    this.handlers.closed?.(reason, this.handle as Listener)
  }

  shutDown(reason: CloseReason): void {
    if (this.isOver) return
    this.attempt?.abandon()
    if (!this.#listening) {
      this.finish(reason)
      return
    }
    this.life = 'closing'
    this.#cause = reason
    if (this.offer) settle(this.offer, 'closed', reason.code)
    this.#waiting.refuseAll()
    this.#callTransport('close')
  }

  fail(reason: CloseReason): void {
    if (this.life === 'closed') return
    this.#waiting.refuseAll()
    this.finish(reason)
    this.#callTransport('close')
  }

  protected adopt(handlers: ListenerHandlers = NO_HANDLERS): object {
    requireListenerHandlers(handlers)
    this.handlers = handlers
    this.paused = false
    return new ListenerHandle(this)
  }

  protected silence(): void {
    this.handlers = NO_HANDLERS
  }

  get #isReady(): boolean {
    return (
      this.life === 'open' && this.offer === undefined && !this.paused && this.handlers.accepted !== undefined
    )
  }

  #plan(): void {
    if (this.#planned || this.#waiting.length === 0 || !this.#isReady) return
    this.#planned = true
    this.context.turns.deliverLater(this)
  }

  /** Makes an endpoint of a link, if the policy lets it in. */
  #receive(link: Link, owner: OwnerCore): StreamEndpoint | undefined {
    const { context } = this
    const allowed =
      !context.hasPolicy ||
      context.allows({
        operation: 'accept',
        owner: undefined,
        target: owner.ref,
        kind: 'stream',
        transport: this.transport,
        local: link.local,
        remote: link.remote,
      })
    if (!allowed) {
      this.#waiting.refuse(link, 'policy')
      return undefined
    }
    const socket = new StreamEndpoint(context, this.transport, this.limits.socket)
    socket.opened(link)
    // A link that broke while it was attached is for nobody.
    if (socket.isOver) return undefined
    if (context.observing) context.tell('accepted', socket.info, this.info)
    return socket
  }

  /** Offers a connection to the owner. Nothing of it is read before somebody has acquired it. */
  #arrived(link: Link): void {
    const { context, owner } = this
    // A listener that is ready has an owner.
    if (!owner) return
    const socket = this.#receive(link, owner)
    if (!socket) return
    const offer = new OfferRecord(socket, owner, undefined)
    socket.offer = offer
    if (context.observing) context.tellHandOver('offered', socket.info, undefined, owner.ref)
    const { handlers } = this
    context.presented.push(offer)
    const answer = this.#call('accepted', () =>
      handlers.accepted?.(offer as StreamOffer<undefined>, this.handle as Listener),
    )
    context.presented.pop()
    if (isPromise(answer)) this.#waitFor(answer, offer, socket, owner)
    else settle(offer, 'declined', answer === THREW ? 'threw' : 'not-acquired')
  }

  #waitFor(answer: PromiseLike<unknown>, offer: OfferRecord, socket: StreamEndpoint, owner: OwnerCore): void {
    declineWhenOver(answer, offer, owner, (error) => socket.report('accepted', error, owner))
    if (offer.state !== 'open') return
    const { clock } = this.context
    const cancel = clock.schedule(() => settle(offer, 'declined', 'deadline'), this.limits.acceptDeadlineMs)
    whenSettled(offer, cancel)
  }

  /** Tells the transport; what it calls back meanwhile only queues, and what it throws is told and not passed on. */
  #callTransport(name: 'pause' | 'resume' | 'close'): void {
    const { turns } = this.context
    turns.busy += 1
    try {
      this.#listening?.[name]()
    } catch (error) {
      this.context.report({ error, owner: this.owner?.ref, socket: this.info, handler: `transport.${name}` })
    } finally {
      turns.busy -= 1
    }
  }

  #call(name: string, call: () => unknown): unknown {
    const { owner } = this
    const { turns } = this.context
    turns.enter()
    try {
      return call()
    } catch (error) {
      if (owner) this.report(name, error, owner)
      return THREW
    } finally {
      turns.leave()
    }
  }
}
