import fc from 'fast-check'
import { expect } from 'vitest'
import type { Listener, ListenerHandlers, Offer, Owner, Socket, StreamOffer } from '../../src/index.ts'
import { type MemoryPeer, type MemoryTransport, memory } from '../../src/memory/index.ts'
import { type Answer, answer, Deliberate, HandOverModel, type OwnerAction } from './hand-over-model.ts'

/** What an owner does with a connection that arrives. */
const ARRIVALS = ['acquire', 'return', 'throw', 'decline', 'later', 'never', 'reject'] as const
type Arrival = (typeof ARRIVALS)[number]

export type ListenerAction =
  | OwnerAction
  | { readonly do: 'dial' | 'take' | 'run' | 'answerLate' }
  | { readonly do: 'leave'; readonly which: number }
  | { readonly do: 'destroy'; readonly answer: Answer }
  | { readonly do: 'wait'; readonly ms: number }

const action: fc.Arbitrary<ListenerAction> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<ListenerAction>({ do: 'dial' }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('pause', 'resume', 'take', 'run', 'withdraw', 'answerLate'),
    }) as fc.Arbitrary<ListenerAction>,
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('handle' as const), serves: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('release' as const, 'offer' as const),
      to: fc.nat(2),
      answer,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('destroy' as const), answer }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 6_000, 61_000) }),
  },
  { weight: 1, arbitrary: fc.constant<ListenerAction>({ do: 'close' }) },
)
export const listenerScript: fc.Arbitrary<ListenerAction[]> = fc.array(action, { maxLength: 40 })
export const arrivals: fc.Arbitrary<Arrival[]> = fc.array(fc.constantFrom(...ARRIVALS), { maxLength: 30 })

const QUEUE_LIMIT = 4

/** One listener, clients that come and go, and what must be true of them. */
export class ListenerWorld extends HandOverModel<Listener> {
  readonly #network: MemoryTransport = memory({ clock: this.clock })
  readonly #arrivals: Arrival[]
  readonly #peers: MemoryPeer[] = []
  /** The addresses of those who were shown to an owner, in that order. */
  readonly #shown: string[] = []
  readonly #acquired = new Map<string, Socket>()
  readonly #refused: string[] = []

  constructor(behaviour: readonly Arrival[]) {
    super({ refused: (remote) => this.#refused.push(remote.address) })
    this.#arrivals = [...behaviour]
  }

  async start(): Promise<void> {
    const owner = this.owners[0] as Owner
    this.subject = owner.listen(this.#network, this.#handlersFor(0, true), { queueLimit: QUEUE_LIMIT })
    await this.settle()
    expect(this.subject.state).toBe('open')
  }

  async act(action: ListenerAction): Promise<void> {
    switch (action.do) {
      case 'dial':
        this.#dial()
        break
      case 'leave':
        this.#peers[action.which]?.reset()
        break
      case 'take':
        if (!this.isRevoked()) this.#takeNext()
        break
      case 'run':
        await this.settle()
        break
      case 'wait':
        this.clock.advance(action.ms)
        await this.settle()
        break
      case 'destroy':
        this.destroy(action.answer)
        break
      case 'answerLate':
        this.answerLate()
        break
      default:
        this.byOwner(action)
    }
    expect(this.subject.waiting).toBeLessThanOrEqual(QUEUE_LIMIT)
  }

  /** What holds at the end: nobody is lost, nobody overtakes, nobody is served twice. */
  async finish(): Promise<void> {
    if (this.subject.state === 'open') {
      if (this.open) this.byOwner({ do: 'withdraw' })
      this.byOwner({ do: 'handle', serves: true })
      this.byOwner({ do: 'resume' })
    }
    this.clock.advance(6_000)
    await this.settle()
    expect(this.subject.state === 'open' ? this.subject.waiting : 0).toBe(0)
    if (this.subject.state === 'open') this.subject.close()
    this.clock.advance(100_000)
    await this.settle()
    const came = this.#peers.map((peer) => peer.address.address)
    const served = new Set([...this.#shown, ...this.#refused])
    expect([...served].sort()).toEqual([...came].sort())
    expect(this.#shown).toEqual(came.filter((address) => this.#shown.includes(address)))
    for (const peer of this.#peers) {
      const socket = this.#acquired.get(peer.address.address)
      if (!socket) expect(peer.closed, 'a connection that nobody has is ended').toBeDefined()
    }
    this.checkEnd()
  }

  #dial(): void {
    if (this.closed) {
      expect(() => this.#network.dial()).toThrow()
      return
    }
    // The peer that is dialled is shown within the call; remember it first.
    const peer = this.#network.dial()
    this.#peers.push(peer)
  }

  #takeNext(): void {
    const possible = !this.closed && this.open === undefined && this.subject.waiting > 0
    const socket = this.call(() => this.subject.accept({ line: () => {} }))
    expect(socket !== undefined).toBe(possible)
    const address = socket?.remote?.address
    if (!socket || !address) return
    this.#shown.push(address)
    this.#acquired.set(address, socket)
  }

  protected override offered(offer: Offer): void | Promise<void> {
    // A connection that the owner had accepted, inherited with the listener.
    if (offer.kind === 'stream') return this.#acquire(offer.remote?.address ?? '', offer)
    return super.offered(offer)
  }

  protected handleWith(serves: boolean): void {
    this.call(() => this.subject.handle(this.#handlersFor(this.owner, serves)))
  }

  protected acquire(offer: Offer, index: number, serves: boolean): Listener | undefined {
    if (offer.kind !== 'listener') throw new Error('not a listener')
    return offer.acquire(this.#handlersFor(index, serves))
  }

  #handlersFor(index: number, serves: boolean): ListenerHandlers {
    return {
      ...(serves && { accepted: (offer: StreamOffer<undefined>) => this.#accepted(index, offer) }),
      closed: () => this.checkClose('closed', index),
    }
  }

  #accepted(index: number, offer: StreamOffer<undefined>): void | Promise<void> {
    this.check('accepted', index)
    if (!this.isReady)
      this.surprises.push(new Error('a connection was shown while the listener did not serve'))
    const address = offer.remote?.address ?? ''
    if (this.#shown.includes(address)) this.surprises.push(new Error(`${address} was shown twice`))
    this.#shown.push(address)
    return this.inHandler(() => this.#answer(this.#arrivals.shift() ?? 'acquire', address, offer))
  }

  #answer(arrival: Arrival, address: string, offer: StreamOffer<undefined>): void | Promise<void> {
    switch (arrival) {
      case 'acquire':
        return this.#acquire(address, offer)
      case 'throw':
        throw new Deliberate('on purpose')
      case 'decline':
        return offer.decline('no')
      case 'later':
        return Promise.resolve().then(() => this.#acquire(address, offer))
      case 'never':
        return new Promise(() => {})
      case 'reject':
        return Promise.reject(new Deliberate('on purpose'))
      case 'return':
    }
    return undefined
  }

  #acquire(address: string, offer: StreamOffer): void {
    const socket = offer.acquire({ line: () => {} })
    if (socket) this.#acquired.set(address, socket)
  }
}
