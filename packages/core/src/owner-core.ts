import type { Context } from './context.ts'
import { EndpointList } from './linked-list.ts'
import type { Offer } from './offer.ts'
import { type OfferRecord, settle } from './offer-record.ts'
import type { OwnerOptions, OwnerRef } from './owner.ts'

/** What the parts of core know of an owner: its endpoints, first of all. Never leaves core: outside there are `Owner` and `OwnerRef`. */
export class OwnerCore extends EndpointList {
  readonly context: Context
  readonly name: string
  readonly id: number
  readonly ref: OwnerRef
  options: OwnerOptions<never>
  destroyed = false
  /** Open offers to this owner that it has not answered yet and takes time for. */
  #pending: Set<OfferRecord> | undefined

  constructor(context: Context, name: string, options: OwnerOptions<never>) {
    super(context.lists)
    this.context = context
    this.name = name
    this.id = context.nextId()
    this.options = options
    this.ref = new Ref(this)
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

  run(name: string, task: () => void): void {
    const { turns, clock } = this.context
    if (turns.busy > 0 || turns.guarded) {
      clock.defer(() => this.run(name, task))
      return
    }
    if (this.destroyed) return
    turns.enter()
    try {
      task()
    } catch (error) {
      this.context.report({ error, owner: this.ref, socket: undefined, handler: name })
    }
    turns.leave()
  }

  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    const { turns, presented } = this.context
    turns.enter()
    for (const offer of presented) if (offer.to === this.ref) settle(offer, 'declined', 'target-destroyed')
    for (const offer of this.#pending ?? []) settle(offer, 'declined', 'target-destroyed')
    while (this.first) {
      const endpoint = this.first
      this.remove(endpoint)
      this.context.unowned.add(endpoint)
      endpoint.ownerDestroyed()
    }
    // Whoever keeps a ref to it keeps neither what was behind its handlers alive nor its heirs, one after the other.
    this.options = {}
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
