import type { Context } from './context.ts'
import type { Endpoint } from './endpoint.ts'
import type { Offer } from './offer.ts'
import { type OfferRecord, settle } from './offer-record.ts'
import type { OwnerOptions, OwnerRef } from './owner.ts'

/** What the parts of core know of an owner. Never leaves core: outside there are `Owner` and `OwnerRef`. */
export class OwnerCore {
  readonly context: Context
  readonly name: string
  readonly id: number
  readonly ref: OwnerRef
  readonly options: OwnerOptions<never>
  destroyed = false
  size = 0
  /** Its endpoints, linked into each other: a Set is several times slower when there are many. */
  #first: Endpoint | undefined
  /** Open offers to this owner that it has not answered yet and takes time for. */
  #pending: Set<OfferRecord> | undefined

  constructor(context: Context, name: string, options: OwnerOptions<never>) {
    this.context = context
    this.name = name
    this.id = context.nextId()
    this.options = options
    this.ref = new Ref(this)
  }

  add(endpoint: Endpoint): void {
    endpoint.owner = this
    endpoint.listed = true
    endpoint.previous = undefined
    endpoint.next = this.#first
    if (this.#first) this.#first.previous = endpoint
    this.#first = endpoint
    this.size += 1
  }

  /** Takes an endpoint off the list, if it is on it; it still says whose it was, until somebody else adds it. */
  remove(endpoint: Endpoint): void {
    if (!endpoint.listed) return
    endpoint.listed = false
    if (endpoint.previous) endpoint.previous.next = endpoint.next
    else this.#first = endpoint.next
    if (endpoint.next) endpoint.next.previous = endpoint.previous
    endpoint.previous = undefined
    endpoint.next = undefined
    this.size -= 1
  }

  /** Who gets its endpoints when it is destroyed. */
  get heir(): OwnerCore | undefined {
    return this.options.heir && ownerOf(this.options.heir)
  }

  /** Lets the owner answer an offer; the return value is what its handler returned. */
  answer(offer: OfferRecord): unknown {
    return this.options.offered?.(offer as unknown as Offer<never>)
  }

  addPending(offer: OfferRecord): void {
    this.#pending ??= new Set()
    this.#pending.add(offer)
  }

  removePending(offer: OfferRecord): void {
    this.#pending?.delete(offer)
  }

  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    const { turns, presented } = this.context
    turns.enter()
    for (const offer of presented) if (offer.to === this.ref) settle(offer, 'declined', 'target-destroyed')
    for (const offer of this.#pending ?? []) settle(offer, 'declined', 'target-destroyed')
    while (this.#first) {
      const endpoint = this.#first
      this.remove(endpoint)
      endpoint.ownerDestroyed()
    }
    turns.leave()
  }
}

/** A ref is its own class so that nothing of the owner can be reached from it. */
class Ref implements OwnerRef {
  readonly #core: OwnerCore

  constructor(core: OwnerCore) {
    this.#core = core
  }

  static coreOf(ref: unknown): OwnerCore {
    if (typeof ref === 'object' && ref !== null && #core in ref) return ref.#core
    throw new TypeError('The target of an offer is an OwnerRef, as owner.ref gives it.')
  }

  get name(): string {
    return this.#core.name
  }

  get id(): number {
    return this.#core.id
  }

  get destroyed(): boolean {
    return this.#core.destroyed
  }
}

/** The owner behind a ref. Throws a TypeError for anything that is no ref. */
export function ownerOf(ref: OwnerRef<never>): OwnerCore {
  return Ref.coreOf(ref)
}
