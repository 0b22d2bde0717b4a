import { type CloseOptions, localClose } from './close-reason.ts'
import type { Endpoint } from './endpoint.ts'
import { SocketError } from './errors.ts'
import type { OfferOptions, OfferResult } from './offer.ts'
import { settle } from './offer-record.ts'
import type { OwnerRef } from './owner.ts'
import { type OwnerCore, ownerOf } from './owner-core.ts'
import { offerWithTime, release } from './release.ts'
import type { HandleState } from './socket.ts'

interface Told {
  readonly message?: unknown
}

/** The endpoint of a handle, for reading facts. Not a method, so that the endpoint cannot be had from outside. */
export let endpointOf: <E extends Endpoint>(handle: Handle<E>) => E
/** The endpoint of a handle that may act on it now; throws for a dead one. */
export let mine: <E extends Endpoint>(handle: Handle<E>) => E

/** What the handles on all kinds of endpoints have in common: authority, while it is theirs. */
export abstract class Handle<E extends Endpoint> {
  readonly #endpoint: E

  constructor(endpoint: E) {
    this.#endpoint = endpoint
  }

  static {
    endpointOf = (handle) => handle.#endpoint
    mine = (handle) => {
      const endpoint = handle.#endpoint
      if (endpoint.handle !== handle) throw revoked(endpoint)
      endpoint.context.turns.assertUnguarded()
      return endpoint
    }
  }

  get id(): number {
    return this.#endpoint.id
  }

  get state(): HandleState {
    return this.#endpoint.handle === this ? this.#endpoint.life : 'revoked'
  }

  get transport(): string {
    return this.#endpoint.transport
  }

  pause(): void {
    setPaused(this, true)
  }

  resume(): void {
    setPaused(this, false)
  }

  release(ref: OwnerRef<never>, options?: Told): OfferResult {
    const endpoint = mine(this)
    return release(endpoint, ownerNow(endpoint), targetOf(ref, endpoint), options?.message)
  }

  offer(ref: OwnerRef<never>, options: Told & OfferOptions = {}): Promise<OfferResult> {
    const endpoint = mine(this)
    return offerWithTime(endpoint, ownerNow(endpoint), targetOf(ref, endpoint), options.message, options)
  }

  withdraw(): boolean {
    const { offer } = mine(this)
    if (!offer) return false
    settle(offer, 'withdrawn', 'withdrawn')
    return true
  }

  close(options?: CloseOptions): void {
    mine(this).shutDown(localClose(options))
  }

  [Symbol.dispose](): void {
    if (this.state !== 'revoked') this.close()
  }
}

function setPaused(handle: Handle<Endpoint>, paused: boolean): void {
  const endpoint = mine(handle)
  endpoint.paused = paused
  endpoint.refresh()
}

/** A handle is valid only while somebody owns the endpoint. */
function ownerNow(endpoint: Endpoint): OwnerCore {
  return endpoint.owner as OwnerCore
}

/** The owner behind a target's ref. Throws a TypeError for one of another driver. */
function targetOf(ref: OwnerRef<never>, endpoint: Endpoint): OwnerCore {
  const target = ownerOf(ref)
  if (target.context === endpoint.context) return target
  throw new TypeError(`The owner '${target.name}' belongs to another driver; a socket stays within its own.`)
}

const WHAT = { stream: 'socket', listener: 'listener', datagram: 'datagram socket' } as const

function revoked({ id, kind }: Endpoint): SocketError {
  const what = WHAT[kind]
  return new SocketError(
    'EESECURITY',
    `This handle on ${what} ${id} is dead: the ${what} was handed over, or its owner destroyed. Use the new owner's.`,
  )
}
