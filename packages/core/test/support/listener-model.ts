import fc from 'fast-check'
import { expect } from 'vitest'
import {
  createDriver,
  type Driver,
  type Listener,
  type ListenerHandlers,
  type Offer,
  type Owner,
  type Socket,
  type StreamOffer,
} from '../../src/index.ts'
import {
  type DrivenClock,
  drivenClock,
  type MemoryPeer,
  type MemoryTransport,
  memory,
} from '../../src/memory/index.ts'

/** What an owner does with a connection that arrives. */
const ARRIVALS = ['acquire', 'return', 'throw', 'decline', 'later', 'never', 'reject'] as const
type Arrival = (typeof ARRIVALS)[number]
/** What a target does with a listener. */
const ANSWERS = ['acquire', 'acquireSilently', 'decline', 'throw', 'wait'] as const
type Answer = (typeof ANSWERS)[number]

export type ListenerAction =
  | { readonly do: 'dial' | 'pause' | 'resume' | 'take' | 'run' | 'close' | 'withdraw' | 'answerLate' }
  | { readonly do: 'leave'; readonly which: number }
  | { readonly do: 'handle'; readonly serves: boolean }
  | { readonly do: 'release' | 'offer'; readonly to: number; readonly answer: Answer }
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
      answer: fc.constantFrom(...ANSWERS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('destroy' as const), answer: fc.constantFrom(...ANSWERS) }),
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

class Deliberate extends Error {}

/** One listener, three owners, clients that come and go, and what must be true of them. */
export class ListenerWorld {
  readonly #clock: DrivenClock = drivenClock()
  readonly #driver: Driver
  readonly #network: MemoryTransport
  readonly #owners: Owner[]
  readonly #arrivals: Arrival[]
  readonly #answers: Answer[] = []
  readonly #surprises: unknown[] = []
  readonly #peers: MemoryPeer[] = []
  /** The addresses of those who were shown to an owner, in that order. */
  readonly #shown: string[] = []
  readonly #acquired = new Map<string, Socket>()
  readonly #refused: string[] = []
  readonly #destroyed = new Set<number>()
  #listener!: Listener
  #owner = 0
  #paused = false
  #serves = true
  #shownOffer: Offer | undefined
  #openUntil = 0
  #closed = false
  #closeTold = 0
  #calls = 0
  #handlers = 0

  constructor(behaviour: readonly Arrival[]) {
    this.#arrivals = [...behaviour]
    this.#driver = createDriver({
      ...this.#clock,
      onError: ({ error }) => {
        if (!(error instanceof Deliberate)) this.#surprises.push(error)
      },
      observer: { refused: (remote) => this.#refused.push(remote.address) },
    })
    this.#network = memory({ clock: this.#clock })
    const owners: Owner[] = []
    for (const index of [2, 1, 0]) {
      const heir = owners[0]?.ref
      const offered = (offer: Offer): void | Promise<void> => this.#offered(index, offer)
      owners.unshift(this.#driver.owner(`owner-${index}`, heir ? { offered, heir } : { offered }))
    }
    this.#owners = owners
  }

  async start(): Promise<void> {
    const owner = this.#owners[0] as Owner
    this.#listener = owner.listen(this.#network, this.#handlersFor(0, true), { queueLimit: QUEUE_LIMIT })
    await this.#settle()
    expect(this.#listener.state).toBe('open')
  }

  async act(action: ListenerAction): Promise<void> {
    switch (action.do) {
      case 'dial':
        this.#dial()
        break
      case 'leave':
        this.#peers[action.which]?.reset()
        break
      case 'run':
        await this.#settle()
        break
      case 'wait':
        this.#clock.advance(action.ms)
        await this.#settle()
        break
      case 'destroy':
        this.#destroy(action.answer)
        break
      case 'answerLate':
        if (this.#open?.state === 'open') this.#take(this.#open, true)
        break
      default:
        this.#byOwner(action)
    }
    expect(this.#listener.waiting).toBeLessThanOrEqual(QUEUE_LIMIT)
  }

  /** What holds at the end: nobody is lost, nobody overtakes, nobody is served twice. */
  async finish(): Promise<void> {
    if (this.#listener.state === 'open') {
      if (this.#open) this.#byOwner({ do: 'withdraw' })
      this.#byOwner({ do: 'handle', serves: true })
      this.#byOwner({ do: 'resume' })
    }
    this.#clock.advance(6_000)
    await this.#settle()
    expect(this.#listener.state === 'open' ? this.#listener.waiting : 0).toBe(0)
    if (this.#listener.state === 'open') this.#listener.close()
    this.#clock.advance(100_000)
    await this.#settle()
    expect(this.#surprises).toEqual([])
    const came = this.#peers.map((peer) => peer.address.address)
    const served = new Set([...this.#shown, ...this.#refused])
    expect([...served].sort()).toEqual([...came].sort())
    expect(this.#shown).toEqual(came.filter((address) => this.#shown.includes(address)))
    for (const peer of this.#peers) {
      const socket = this.#acquired.get(peer.address.address)
      if (!socket) expect(peer.closed, 'a connection that nobody has is ended').toBeDefined()
    }
    expect(this.#closeTold).toBeLessThanOrEqual(1)
    if (!this.#destroyed.has(this.#owner)) expect(this.#closeTold).toBe(1)
  }

  #byOwner(action: ListenerAction): void {
    const listener = this.#listener
    if (listener.state === 'revoked') {
      expect(() => listener.pause()).toThrow(expect.objectContaining({ code: 'EESECURITY' }))
      return
    }
    switch (action.do) {
      case 'pause':
      case 'resume':
        this.#call(() => (action.do === 'pause' ? listener.pause() : listener.resume()))
        this.#paused = action.do === 'pause'
        break
      case 'handle':
        this.#serves = action.serves
        this.#call(() => listener.handle(this.#handlersFor(this.#owner, action.serves)))
        break
      case 'take':
        this.#takeNext()
        break
      case 'withdraw':
        expect(this.#call(() => listener.withdraw())).toBe(this.#open !== undefined)
        this.#open = undefined
        break
      case 'close':
        this.#closed = true
        this.#open = undefined
        this.#call(() => listener.close())
        break
      case 'release':
      case 'offer':
        this.#release(action)
    }
  }

  /** The offer of the listener that is open, if any: it ends by itself after five seconds. */
  get #open(): Offer | undefined {
    return this.#clock.now() < this.#openUntil ? this.#shownOffer : undefined
  }

  set #open(offer: Offer | undefined) {
    this.#shownOffer = offer
    this.#openUntil = this.#clock.now() + 5_000
  }

  #dial(): void {
    if (this.#closed) {
      expect(() => this.#network.dial()).toThrow()
      return
    }
    // The peer that is dialled is shown within the call; remember it first.
    const peer = this.#network.dial()
    this.#peers.push(peer)
  }

  #takeNext(): void {
    const possible = !this.#closed && this.#open === undefined && this.#listener.waiting > 0
    const socket = this.#call(() => this.#listener.accept({ line: () => {} }))
    expect(socket !== undefined).toBe(possible)
    const address = socket?.remote?.address
    if (!socket || !address) return
    this.#shown.push(address)
    this.#acquired.set(address, socket)
  }

  #release({
    do: how,
    to,
    answer,
  }: {
    readonly do: 'release' | 'offer'
    readonly to: number
    readonly answer: Answer
  }): void {
    const listener = this.#listener
    const refused = this.#closed || this.#open !== undefined || this.#destroyed.has(to)
    if (!refused) this.#answers.push(answer)
    const { ref } = this.#owners[to] as Owner
    if (how === 'offer') void this.#call(() => listener.offer(ref))
    else {
      const result = this.#call(() => listener.release(ref))
      expect(result.acquired).toBe(!refused && answer.startsWith('acquire'))
      if (!refused) this.#open = undefined
    }
    if (!refused && answer !== 'wait') this.#open = undefined
  }

  #offered(index: number, offer: Offer): void | Promise<void> {
    if (offer.kind === 'stream') {
      // A connection that the owner had accepted, inherited with the listener.
      this.#acquire(offer.remote?.address ?? '', offer)
      return
    }
    const answer = this.#answers.pop()
    this.#open = offer
    switch (answer) {
      case 'wait':
        return new Promise(() => {})
      case 'decline':
        offer.decline()
        break
      case 'throw':
        throw new Deliberate('on purpose')
      case 'acquire':
      case 'acquireSilently':
        this.#take(offer, answer === 'acquire')
        break
      default:
        throw new Error(`owner ${index} was offered what nobody offered`)
    }
  }

  #take(offer: Offer, serves: boolean): void {
    if (offer.kind !== 'listener') throw new Error('not a listener')
    const index = this.#owners.findIndex((owner) => owner.ref === offer.to)
    const old = this.#listener
    const listener = this.#call(() => offer.acquire(this.#handlersFor(index, serves)))
    expect(listener).toBeDefined()
    if (!listener) return
    expect(old.state).toBe('revoked')
    this.#listener = listener
    this.#owner = index
    this.#serves = serves
    this.#paused = false
    this.#open = undefined
  }

  #destroy(answer: Answer): void {
    const index = this.#owner
    if (this.#destroyed.has(index)) return
    this.#destroyed.add(index)
    const heir = index + 1
    if (!this.#closed && heir < this.#owners.length && !this.#destroyed.has(heir)) this.#answers.push(answer)
    this.#open = undefined
    this.#call(() => this.#owners[index]?.destroy())
    this.#open = undefined
    if (this.#owner === index) this.#closed = true
  }

  #handlersFor(index: number, serves: boolean): ListenerHandlers {
    return {
      ...(serves && { accepted: (offer: StreamOffer<undefined>) => this.#accepted(index, offer) }),
      closed: () => {
        this.#closeTold += 1
        this.#check('closed', index)
      },
    }
  }

  #accepted(index: number, offer: StreamOffer<undefined>): void | Promise<void> {
    this.#check('accepted', index)
    if (this.#paused || this.#open || this.#closed || !this.#serves) {
      this.#surprises.push(new Error('a connection was shown while the listener did not serve'))
    }
    const address = offer.remote?.address ?? ''
    if (this.#shown.includes(address)) this.#surprises.push(new Error(`${address} was shown twice`))
    this.#shown.push(address)
    this.#handlers += 1
    try {
      switch (this.#arrivals.shift() ?? 'acquire') {
        case 'acquire':
          this.#acquire(address, offer)
          break
        case 'throw':
          throw new Deliberate('on purpose')
        case 'decline':
          offer.decline('no')
          break
        case 'later':
          return Promise.resolve().then(() => this.#acquire(address, offer))
        case 'never':
          return new Promise(() => {})
        case 'reject':
          return Promise.reject(new Deliberate('on purpose'))
        case 'return':
      }
      return undefined
    } finally {
      this.#handlers -= 1
    }
  }

  #acquire(address: string, offer: StreamOffer): void {
    const socket = offer.acquire({ line: () => {} })
    if (socket) this.#acquired.set(address, socket)
  }

  #check(name: string, index: number): void {
    if (this.#calls > 0) this.#surprises.push(new Error(`${name} inside a call into the driver`))
    if (this.#handlers > 0) this.#surprises.push(new Error(`${name} inside another handler`))
    if (index !== this.#owner) this.#surprises.push(new Error(`${name} told to another than the owner`))
    if (this.#destroyed.has(index)) this.#surprises.push(new Error(`${name} told to a destroyed owner`))
  }

  #call<Result>(call: () => Result): Result {
    this.#calls += 1
    try {
      return call()
    } finally {
      this.#calls -= 1
    }
  }

  async #settle(): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      for (let turn = 0; turn < 4; turn += 1) await undefined
      this.#clock.run()
    }
  }
}
