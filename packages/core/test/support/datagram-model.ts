import fc from 'fast-check'
import { expect } from 'vitest'
import {
  createDriver,
  type DatagramHandlers,
  type DatagramSocket,
  type Driver,
  type Offer,
  type Owner,
} from '../../src/index.ts'
import { type DrivenClock, drivenClock, type MemoryDatagramPeer, memory } from '../../src/memory/index.ts'

/** What a target does with a datagram socket. */
const ANSWERS = ['acquire', 'acquireSilently', 'decline', 'throw', 'wait'] as const
type Answer = (typeof ANSWERS)[number]
/** What a handler does with a datagram, beside remembering it. */
const REACTIONS = ['nothing', 'pause', 'throw', 'release', 'send', 'silence', 'close', 'destroy'] as const
type Reaction = (typeof REACTIONS)[number]

export type DatagramAction =
  | { readonly do: 'pause' | 'resume' | 'run' | 'step' | 'withdraw' | 'answerLate' | 'close' | 'break' }
  | { readonly do: 'arrive'; readonly sizes: readonly number[] }
  | { readonly do: 'handle'; readonly reads: boolean }
  | { readonly do: 'release' | 'offer'; readonly to: number; readonly answer: Answer }
  | { readonly do: 'destroy'; readonly answer: Answer }
  | { readonly do: 'wait'; readonly ms: number }

const answer = fc.constantFrom(...ANSWERS)
const to = fc.nat(2)
const action: fc.Arbitrary<DatagramAction> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('arrive' as const),
      sizes: fc.array(fc.constantFrom(0, 1, 30), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('pause', 'resume', 'run', 'step', 'withdraw', 'answerLate'),
    }) as fc.Arbitrary<DatagramAction>,
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('handle' as const), reads: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('release' as const, 'offer' as const), to, answer }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('destroy' as const), answer }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(100, 6_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('close', 'break') }) as fc.Arbitrary<DatagramAction>,
  },
)
export const datagramScript: fc.Arbitrary<DatagramAction[]> = fc.array(action, { maxLength: 40 })
export const reactions: fc.Arbitrary<Reaction[]> = fc.array(fc.constantFrom(...REACTIONS), { maxLength: 20 })

const QUEUE_LIMIT = 6
const HELD_LIMIT = 120

class Deliberate extends Error {}

/** One datagram socket, three owners, a peer that sends numbered datagrams, and what must be true of them. */
export class DatagramWorld {
  readonly #clock: DrivenClock = drivenClock()
  readonly #driver: Driver
  readonly #owners: Owner[]
  readonly #reactions: Reaction[]
  readonly #answers: Answer[] = []
  readonly #surprises: unknown[] = []
  readonly #peer: MemoryDatagramPeer
  readonly #network = memory({ clock: this.#clock })
  readonly #destroyed = new Set<number>()
  /** What is held, by number: what the socket ought to deliver next. */
  #held: { readonly number: number; readonly size: number }[] = []
  #sent = 0
  #dropped = 0
  #read = 0
  #written = 0
  #socket!: DatagramSocket
  #owner = 0
  #paused = false
  #reads = true
  #offer: Offer | undefined
  #offerUntil = 0
  #closed = false
  #closeTold = 0
  #calls = 0
  #handlers = 0

  constructor(behaviour: readonly Reaction[]) {
    this.#reactions = [...behaviour]
    this.#driver = createDriver({
      ...this.#clock,
      onError: ({ error }) => {
        if (!(error instanceof Deliberate)) this.#surprises.push(error)
      },
    })
    this.#peer = this.#network.datagramPeer()
    const owners: Owner[] = []
    for (const _index of [2, 1, 0]) {
      const heir = owners[0]?.ref
      const offered = (offer: Offer): void | Promise<void> => this.#offered(offer)
      owners.unshift(this.#driver.owner('owner', heir ? { offered, heir } : { offered }))
    }
    this.#owners = owners
  }

  async start(): Promise<void> {
    this.#socket = (this.#owners[0] as Owner).bind(this.#network, this.#handlersFor(0, true), {
      queueLimit: QUEUE_LIMIT,
      heldLimit: HELD_LIMIT,
    })
    await this.#socket.opened
  }

  async act(action: DatagramAction): Promise<void> {
    switch (action.do) {
      case 'arrive':
        for (const size of action.sizes) this.#arrive(size)
        break
      case 'run':
        await this.#settle()
        break
      case 'step':
        this.#clock.step()
        break
      case 'wait':
        this.#clock.advance(action.ms)
        await this.#settle()
        break
      case 'destroy':
        this.#destroy(action.answer)
        break
      case 'break':
        this.#break()
        break
      case 'answerLate':
        if (this.#open?.state === 'open') this.#take(this.#open, true)
        break
      default:
        this.#byOwner(action)
    }
    expect(this.#surprises).toEqual([])
    expect(this.#socket.dropped).toBe(this.#dropped)
    expect(this.#socket.position).toEqual({ read: this.#read, written: this.#written })
  }

  /** What holds at the end: whatever was not dropped has been delivered, unless the socket was closed before. */
  async finish(): Promise<void> {
    if (this.#socket.state === 'open') {
      if (this.#open) this.#byOwner({ do: 'withdraw' })
      this.#reactions.length = 0
      this.#byOwner({ do: 'handle', reads: true })
      this.#byOwner({ do: 'resume' })
      await this.#settle()
      expect(this.#held).toEqual([])
      this.#byOwner({ do: 'close' })
    }
    this.#clock.advance(10_000)
    await this.#settle()
    expect(this.#surprises).toEqual([])
    expect(this.#closeTold).toBeLessThanOrEqual(1)
    if (!this.#destroyed.has(this.#owner)) expect(this.#closeTold).toBe(1)
    expect(this.#peer.received.length).toBe(this.#written)
  }

  get #isReady(): boolean {
    return !this.#closed && !this.#paused && this.#reads && this.#open === undefined
  }

  /** The offer that is open, if any: it ends by itself after five seconds. */
  get #open(): Offer | undefined {
    return this.#clock.now() < this.#offerUntil ? this.#offer : undefined
  }

  set #open(offer: Offer | undefined) {
    this.#offer = offer
    this.#offerUntil = this.#clock.now() + 5_000
  }

  #arrive(size: number): void {
    const { local } = this.#socket
    if (!local) throw new Error('it is bound from the start on')
    const number = this.#sent
    this.#sent += 1
    if (!this.#closed) {
      const bytes = this.#held.reduce((sum, held) => sum + held.size, size + 1)
      const straight = this.#isReady && this.#held.length === 0
      if (!straight && (this.#held.length >= QUEUE_LIMIT || bytes > HELD_LIMIT)) this.#dropped += 1
      else this.#held.push({ number, size: size + 1 })
    }
    this.#peer.send(new Uint8Array(size + 1).fill(number % 251), local)
  }

  #byOwner(action: DatagramAction): void {
    const socket = this.#socket
    if (socket.state === 'revoked') {
      expect(() => socket.pause()).toThrow(expect.objectContaining({ code: 'EESECURITY' }))
      return
    }
    switch (action.do) {
      case 'pause':
      case 'resume':
        this.#paused = action.do === 'pause'
        this.#call(() => (action.do === 'pause' ? socket.pause() : socket.resume()))
        break
      case 'handle':
        this.#reads = action.reads
        this.#call(() => socket.handle(this.#handlersFor(this.#owner, action.reads)))
        break
      case 'withdraw':
        expect(this.#call(() => socket.withdraw())).toBe(this.#open !== undefined)
        this.#open = undefined
        break
      case 'close':
        this.#isClosed()
        this.#call(() => socket.close())
        break
      case 'release':
      case 'offer':
        this.#release(action.do, action.to, action.answer)
    }
  }

  #release(how: 'release' | 'offer', target: number, answer: Answer): void {
    const socket = this.#socket
    const refused = this.#closed || this.#open !== undefined || this.#destroyed.has(target)
    if (!refused) this.#answers.push(answer)
    const { ref } = this.#owners[target] as Owner
    if (how === 'offer') void this.#call(() => socket.offer(ref))
    else {
      const result = this.#call(() => socket.release(ref))
      expect(result.acquired).toBe(!refused && answer.startsWith('acquire'))
    }
    // Only an offer with time stays open, and only for a promise.
    if (!refused && (how === 'release' || answer !== 'wait')) this.#open = undefined
  }

  #offered(offer: Offer): void | Promise<void> {
    this.#open = offer
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
        throw new Error('an offer that nobody made')
    }
  }

  #take(offer: Offer, reads: boolean): void {
    if (offer.kind !== 'datagram') throw new Error('not a datagram socket')
    const index = this.#owners.findIndex((owner) => owner.ref === offer.to)
    const old = this.#socket
    const socket = this.#call(() => offer.acquire(this.#handlersFor(index, reads)))
    if (!socket) throw new Error('it could not be acquired')
    expect(old.state).toBe('revoked')
    this.#socket = socket
    this.#owner = index
    this.#reads = reads
    this.#paused = false
    this.#open = undefined
  }

  #destroy(answer: Answer): void {
    const index = this.#owner
    if (this.#destroyed.has(index)) return
    this.#destroyed.add(index)
    const inherits = !this.#closed && index + 1 < this.#owners.length && !this.#destroyed.has(index + 1)
    if (inherits) this.#answers.push(answer)
    this.#open = undefined
    this.#call(() => this.#owners[index]?.destroy())
    this.#open = undefined
    if (this.#owner === index) this.#isClosed()
  }

  #break(): void {
    const { local } = this.#socket
    if (this.#closed || !local) return
    this.#isClosed()
    this.#network.breakDatagrams(local)
  }

  #isClosed(): void {
    this.#closed = true
    this.#held = []
    this.#open = undefined
  }

  #handlersFor(index: number, reads: boolean): DatagramHandlers {
    return {
      ...(reads && { datagram: (bytes: Uint8Array) => this.#datagram(index, bytes) }),
      close: () => {
        this.#closeTold += 1
        this.#check('close', index)
      },
    }
  }

  #datagram(index: number, bytes: Uint8Array): void {
    this.#check('datagram', index)
    if (!this.#isReady) this.#surprises.push(new Error('a datagram while nothing may be delivered'))
    const next = this.#held.shift()
    this.#read += bytes.byteLength
    const whole = next && bytes.byteLength === next.size && bytes.every((byte) => byte === next.number % 251)
    if (!whole) this.#surprises.push(new Error(`not the datagram that is next, ${next?.number}`))
    this.#handlers += 1
    try {
      this.#react(this.#reactions.shift() ?? 'nothing')
    } finally {
      this.#handlers -= 1
    }
  }

  #react(reaction: Reaction): void {
    switch (reaction) {
      case 'throw':
        throw new Deliberate('on purpose')
      case 'pause':
      case 'close':
        this.#byOwner({ do: reaction })
        break
      case 'silence':
        this.#byOwner({ do: 'handle', reads: false })
        break
      case 'release':
        this.#byOwner({ do: 'release', to: (this.#owner + 1) % 3, answer: 'acquire' })
        break
      case 'destroy':
        this.#destroy('acquire')
        break
      case 'send':
        if (this.#call(() => this.#socket.send('x', this.#peer.address))) this.#written += 1
        // One that comes while this one is being delivered waits for its turn.
        this.#arrive(1)
        break
      case 'nothing':
    }
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
