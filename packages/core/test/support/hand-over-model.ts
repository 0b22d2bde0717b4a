import fc from 'fast-check'
import { expect } from 'vitest'
import {
  createDriver,
  type DatagramSocket,
  type Driver,
  type Listener,
  type Observer,
  type Offer,
  type Owner,
} from '../../src/index.ts'
import { type DrivenClock, drivenClock } from '../../src/memory/index.ts'

/** What a target does with what it is offered. */
const ANSWERS = ['acquire', 'acquireSilently', 'decline', 'throw', 'wait'] as const
export type Answer = (typeof ANSWERS)[number]
export const answer: fc.Arbitrary<Answer> = fc.constantFrom(...ANSWERS)

/** What an owner does with what it has, whatever that is. */
export type OwnerAction =
  | { readonly do: 'pause' | 'resume' | 'withdraw' | 'close' }
  | { readonly do: 'handle'; readonly serves: boolean }
  | { readonly do: 'release' | 'offer'; readonly to: number; readonly answer: Answer }

/** What handlers throw, so that it is told apart from what went wrong. */
export class Deliberate extends Error {}

/** Three owners that hand one thing to each other, and what must be true of whatever it is. */
export abstract class HandOverModel<Subject extends Listener | DatagramSocket> {
  protected readonly clock: DrivenClock = drivenClock()
  protected readonly owners: readonly Owner[]
  protected readonly surprises: unknown[] = []
  /** The handle that is valid now, and whose it is. */
  protected subject!: Subject
  protected owner = 0
  protected paused = false
  /** Its owner has a handler for what arrives. */
  protected serves = true
  protected closed = false
  protected closeTold = 0
  readonly #answers: Answer[] = []
  readonly #destroyed = new Set<number>()
  #offer: Offer | undefined
  #offerUntil = 0
  #calls = 0
  #handlers = 0

  constructor(observer: Observer) {
    const driver: Driver = createDriver({
      ...this.clock,
      observer,
      onError: ({ error }) => {
        if (!(error instanceof Deliberate)) this.surprises.push(error)
      },
    })
    const owners: Owner[] = []
    for (const index of [2, 1, 0]) {
      const heir = owners[0]?.ref
      const offered = (offer: Offer): void | Promise<void> => this.offered(offer)
      owners.unshift(driver.owner(`owner-${index}`, heir ? { offered, heir } : { offered }))
    }
    this.owners = owners
  }

  protected abstract handleWith(serves: boolean): void
  /** Acquires it in the name of the target; throws for an offer of something else. */
  protected abstract acquire(offer: Offer, index: number, serves: boolean): Subject | undefined

  /** It is closed, or will not be anybody's any more. */
  protected gone(): void {
    this.closed = true
    this.open = undefined
  }

  /** May something be given to its owner? */
  protected get isReady(): boolean {
    return !this.closed && !this.paused && this.serves && this.open === undefined
  }

  /** The offer that is open, if any: it ends by itself after five seconds. */
  protected get open(): Offer | undefined {
    return this.clock.now() < this.#offerUntil ? this.#offer : undefined
  }

  protected set open(offer: Offer | undefined) {
    this.#offer = offer
    this.#offerUntil = this.clock.now() + 5_000
  }

  // What owners do.

  /** Nobody has it any more, and then every use of the handle is refused. */
  protected isRevoked(): boolean {
    const { subject } = this
    if (subject.state !== 'revoked') return false
    expect(() => subject.pause()).toThrow(expect.objectContaining({ code: 'EESECURITY' }))
    return true
  }

  protected byOwner(action: OwnerAction): void {
    const { subject } = this
    if (this.isRevoked()) return
    switch (action.do) {
      case 'pause':
      case 'resume':
        this.paused = action.do === 'pause'
        this.call(() => (action.do === 'pause' ? subject.pause() : subject.resume()))
        break
      case 'handle':
        this.serves = action.serves
        this.handleWith(action.serves)
        break
      case 'withdraw':
        expect(this.call(() => subject.withdraw())).toBe(this.open !== undefined)
        this.open = undefined
        break
      case 'close':
        this.gone()
        this.call(() => subject.close())
        break
      case 'release':
      case 'offer':
        this.#release(action.do, action.to, action.answer)
    }
  }

  #release(how: 'release' | 'offer', target: number, answered: Answer): void {
    const { subject } = this
    const refused = this.closed || this.open !== undefined || this.#destroyed.has(target)
    if (!refused) this.#answers.push(answered)
    const { ref } = this.owners[target] as Owner
    if (how === 'offer') void this.call(() => subject.offer(ref))
    else {
      const result = this.call(() => subject.release(ref))
      expect(result.acquired).toBe(!refused && answered.startsWith('acquire'))
    }
    // Only an offer with time stays open, and only for a promise.
    if (!refused && (how === 'release' || answered !== 'wait')) this.open = undefined
  }

  /** A target is asked. */
  protected offered(offer: Offer): void | Promise<void> {
    this.open = offer
    switch (this.#answers.pop()) {
      case 'wait':
        return new Promise(() => {})
      case 'decline':
        return offer.decline()
      case 'throw':
        throw new Deliberate('on purpose')
      case 'acquire':
        return this.#take(offer, true)
      case 'acquireSilently':
        return this.#take(offer, false)
      default:
        throw new Error(`${offer.to.name} was offered what nobody offered`)
    }
  }

  protected answerLate(): void {
    if (this.open?.state === 'open') this.#take(this.open, true)
  }

  #take(offer: Offer, serves: boolean): void {
    const index = this.owners.findIndex((owner) => owner.ref === offer.to)
    const old = this.subject
    const subject = this.call(() => this.acquire(offer, index, serves))
    if (!subject) throw new Error('it could not be acquired')
    expect(old.state).toBe('revoked')
    this.subject = subject
    this.owner = index
    this.serves = serves
    this.paused = false
    this.open = undefined
  }

  protected destroy(answered: Answer): void {
    const index = this.owner
    if (this.#destroyed.has(index)) return
    this.#destroyed.add(index)
    const heir = index + 1
    const inherits = !this.closed && heir < this.owners.length && !this.#destroyed.has(heir)
    if (inherits) this.#answers.push(answered)
    this.open = undefined
    this.call(() => this.owners[index]?.destroy())
    this.open = undefined
    if (this.owner === index) this.gone()
  }

  // What is watched.

  /** Makes a call into the driver: no handler may run in it. */
  protected call<Result>(call: () => Result): Result {
    this.#calls += 1
    try {
      return call()
    } finally {
      this.#calls -= 1
    }
  }

  /** A handler is called: by nobody but the owner's own turn. */
  protected check(name: string, index: number): void {
    if (this.#calls > 0) this.surprises.push(new Error(`${name} inside a call into the driver`))
    if (this.#handlers > 0) this.surprises.push(new Error(`${name} inside another handler`))
    if (index !== this.owner) this.surprises.push(new Error(`${name} told to another than the owner`))
    if (this.#destroyed.has(index)) this.surprises.push(new Error(`${name} told to a destroyed owner`))
  }

  /** Runs what a handler does. */
  protected inHandler<Result>(act: () => Result): Result {
    this.#handlers += 1
    try {
      return act()
    } finally {
      this.#handlers -= 1
    }
  }

  protected checkClose(name: string, index: number): void {
    this.closeTold += 1
    this.check(name, index)
  }

  /** What holds of the close at the end. */
  protected checkEnd(): void {
    expect(this.surprises).toEqual([])
    expect(this.closeTold).toBeLessThanOrEqual(1)
    if (!this.#destroyed.has(this.owner)) expect(this.closeTold).toBe(1)
  }

  protected async settle(): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      for (let turn = 0; turn < 4; turn += 1) await undefined
      this.clock.run()
    }
  }
}
