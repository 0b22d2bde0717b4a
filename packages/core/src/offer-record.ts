import type { Address } from './address.ts'
import type { Endpoint } from './endpoint.ts'
import type { ErrorCode } from './errors.ts'
import type { EndpointKind, Position } from './observer.ts'
import type { OfferResult, OfferState } from './offer.ts'
import type { OwnerRef } from './owner.ts'
import type { OwnerCore } from './owner-core.ts'
import type { LinkFacts } from './transport.ts'

const ACQUIRED: OfferResult = Object.freeze({ acquired: true })

/** Ends an offer, once. What only core may do with an offer is not a method that its target could call. */
export let settle: (offer: OfferRecord, state: OfferState, reason?: string) => void
/** Answers an offer in the name of an owner. */
export let acquire: (
  offer: OfferRecord,
  acquirer: OwnerCore,
  handlers?: object,
  options?: object,
) => object | undefined
/** What became of an offer that is settled. */
export let outcome: (offer: OfferRecord) => OfferResult
/** Calls back when the offer is settled. */
export let whenSettled: (offer: OfferRecord, callback: () => void) => void

/**
 * One offer of one endpoint to one target: what the target sees as a `StreamOffer`, a `ListenerOffer` or a
 * `DatagramOffer`, and what the protocol keeps of it. Once settled it stays what it is.
 */
export class OfferRecord {
  readonly kind: EndpointKind
  readonly message: unknown
  readonly #endpoint: Endpoint
  readonly #from: OwnerCore | undefined
  readonly #target: OwnerCore
  #state: OfferState = 'open'
  #reason: string | undefined
  #refused: ErrorCode | undefined
  /** Who waits for the outcome of an offer with time. */
  #settled: (() => void) | undefined

  constructor(endpoint: Endpoint, target: OwnerCore, message: unknown) {
    this.kind = endpoint.kind
    this.message = message
    this.#endpoint = endpoint
    this.#from = endpoint.owner
    this.#target = target
  }

  get from(): OwnerRef | undefined {
    return this.#from?.ref
  }

  get to(): OwnerRef {
    return this.#target.ref
  }

  get state(): OfferState {
    return this.#state
  }

  get refused(): ErrorCode | undefined {
    return this.#refused
  }

  get transport(): string {
    return this.#endpoint.transport
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

  get addresses(): readonly Address[] {
    return this.#endpoint.addresses
  }

  get position(): Position {
    return this.#endpoint.position
  }

  get dropped(): number {
    return this.#endpoint.dropped
  }

  last(name: string): unknown {
    return this.#endpoint.last(name)
  }

  acquire(handlers?: object, options?: object): object | undefined {
    return acquire(this, this.#target, handlers, options)
  }

  decline(reason?: string): void {
    this.#endpoint.context.turns.assertUnguarded()
    if (this.#state === 'open') settle(this, 'declined', reason ?? 'declined')
  }

  static {
    settle = (offer, state, reason) => offer.#settle(state, reason)
    acquire = (offer, acquirer, handlers, options) => offer.#acquire(acquirer, handlers, options)
    outcome = (offer) => offer.#outcome()
    whenSettled = (offer, callback) => {
      offer.#settled = callback
    }
  }

  #settle(state: OfferState, reason?: string): void {
    if (this.#state !== 'open') return
    this.#state = state
    this.#reason = reason
    this.#target.removePending(this)
    this.#endpoint.offer = undefined
    if (state !== 'acquired') {
      this.#endpoint.offerFailed(this.#from, this.#target, this.#outcome(), this.#refused)
    }
    this.#settled?.()
  }

  #acquire(acquirer: OwnerCore, handlers?: object, options?: object): object | undefined {
    const endpoint = this.#endpoint
    endpoint.context.turns.assertUnguarded()
    const refused = this.#refusal(acquirer)
    this.#refused = refused
    if (refused) {
      endpoint.acquireRefused(this.#from, acquirer, refused)
      return undefined
    }
    // Throws for handlers that cannot be meant, before anything has changed.
    const handle = endpoint.transfer(acquirer, handlers, options)
    this.#settle('acquired')
    endpoint.announceAcquired(this.#from, acquirer)
    return handle
  }

  #refusal(acquirer: OwnerCore): ErrorCode | undefined {
    const endpoint = this.#endpoint
    if (!endpoint.allows('acquire', this.#from, acquirer)) return 'EESECURITY'
    if (endpoint.life === 'closing' || endpoint.life === 'closed') return 'EEBADF'
    if (this.#state !== 'open') return 'EESOCKNOTRLSD'
    return acquirer === this.#target ? undefined : 'EESECURITY'
  }

  #outcome(): OfferResult {
    switch (this.#state) {
      case 'acquired':
        return ACQUIRED
      case 'closed':
        return { acquired: false, code: 'EEBADF', ...this.#reasonGiven(), owned: false }
      default:
        return { acquired: false, code: 'EESOCKNOTRLSD', ...this.#reasonGiven(), owned: true }
    }
  }

  #reasonGiven(): { readonly reason?: string } {
    return this.#reason === undefined ? {} : { reason: this.#reason }
  }
}
