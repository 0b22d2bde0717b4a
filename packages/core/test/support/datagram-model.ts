import fc from 'fast-check'
import { expect } from 'vitest'
import type { DatagramHandlers, DatagramSocket, Offer, Owner } from '../../src/index.ts'
import { type MemoryDatagramPeer, memory } from '../../src/memory/index.ts'
import { type Answer, answer, Deliberate, HandOverModel, type OwnerAction } from './hand-over-model.ts'

/** What a handler does with a datagram, beside remembering it. */
const REACTIONS = ['nothing', 'pause', 'throw', 'release', 'send', 'silence', 'close', 'destroy'] as const
type Reaction = (typeof REACTIONS)[number]

export type DatagramAction =
  | OwnerAction
  | { readonly do: 'run' | 'step' | 'answerLate' | 'break' }
  | { readonly do: 'arrive'; readonly sizes: readonly number[] }
  | { readonly do: 'destroy'; readonly answer: Answer }
  | { readonly do: 'wait'; readonly ms: number }

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
  { weight: 2, arbitrary: fc.record({ do: fc.constant('handle' as const), serves: fc.boolean() }) },
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

/** One datagram socket, a peer that sends numbered datagrams, and what must be true of them. */
export class DatagramWorld extends HandOverModel<DatagramSocket> {
  readonly #reactions: Reaction[]
  readonly #peer: MemoryDatagramPeer
  readonly #network = memory({ clock: this.clock })
  /** What is held, by number: what the socket ought to deliver next. */
  #held: { readonly number: number; readonly size: number }[] = []
  #sent = 0
  #dropped = 0
  #read = 0
  #written = 0

  constructor(behaviour: readonly Reaction[]) {
    super({})
    this.#reactions = [...behaviour]
    this.#peer = this.#network.datagramPeer()
  }

  async start(): Promise<void> {
    this.subject = (this.owners[0] as Owner).bind(this.#network, this.#handlersFor(0, true), {
      queueLimit: QUEUE_LIMIT,
      heldLimit: HELD_LIMIT,
    })
    await this.subject.opened
  }

  async act(action: DatagramAction): Promise<void> {
    switch (action.do) {
      case 'arrive':
        for (const size of action.sizes) this.#arrive(size)
        break
      case 'run':
        await this.settle()
        break
      case 'step':
        this.clock.step()
        break
      case 'wait':
        this.clock.advance(action.ms)
        await this.settle()
        break
      case 'destroy':
        this.destroy(action.answer)
        break
      case 'break':
        this.#break()
        break
      case 'answerLate':
        this.answerLate()
        break
      default:
        this.byOwner(action)
    }
    expect(this.surprises).toEqual([])
    expect(this.subject.dropped).toBe(this.#dropped)
    expect(this.subject.position).toEqual({ read: this.#read, written: this.#written })
  }

  /** What holds at the end: whatever was not dropped has been delivered, unless the socket was closed before. */
  async finish(): Promise<void> {
    if (this.subject.state === 'open') {
      if (this.open) this.byOwner({ do: 'withdraw' })
      this.#reactions.length = 0
      this.byOwner({ do: 'handle', serves: true })
      this.byOwner({ do: 'resume' })
      await this.settle()
      expect(this.#held).toEqual([])
      this.byOwner({ do: 'close' })
    }
    this.clock.advance(10_000)
    await this.settle()
    this.checkEnd()
    expect(this.#peer.received.length).toBe(this.#written)
  }

  #arrive(size: number): void {
    const { local } = this.subject
    if (!local) throw new Error('it is bound from the start on')
    const number = this.#sent
    this.#sent += 1
    if (!this.closed) {
      const bytes = this.#held.reduce((sum, held) => sum + held.size, size + 1)
      const straight = this.isReady && this.#held.length === 0
      if (!straight && (this.#held.length >= QUEUE_LIMIT || bytes > HELD_LIMIT)) this.#dropped += 1
      else this.#held.push({ number, size: size + 1 })
    }
    this.#peer.send(new Uint8Array(size + 1).fill(number % 251), local)
  }

  protected handleWith(serves: boolean): void {
    this.call(() => this.subject.handle(this.#handlersFor(this.owner, serves)))
  }

  protected acquire(offer: Offer, index: number, serves: boolean): DatagramSocket | undefined {
    if (offer.kind !== 'datagram') throw new Error('not a datagram socket')
    return offer.acquire(this.#handlersFor(index, serves))
  }

  protected override gone(): void {
    super.gone()
    this.#held = []
  }

  #break(): void {
    const { local } = this.subject
    if (this.closed || !local) return
    this.gone()
    this.#network.breakDatagrams(local)
  }

  #handlersFor(index: number, serves: boolean): DatagramHandlers {
    return {
      ...(serves && { datagram: (bytes: Uint8Array) => this.#datagram(index, bytes) }),
      close: () => this.checkClose('close', index),
    }
  }

  #datagram(index: number, bytes: Uint8Array): void {
    this.check('datagram', index)
    if (!this.isReady) this.surprises.push(new Error('a datagram while nothing may be delivered'))
    const next = this.#held.shift()
    this.#read += bytes.byteLength
    const whole = next && bytes.byteLength === next.size && bytes.every((byte) => byte === next.number % 251)
    if (!whole) this.surprises.push(new Error(`not the datagram that is next, ${next?.number}`))
    this.inHandler(() => this.#react(this.#reactions.shift() ?? 'nothing'))
  }

  #react(reaction: Reaction): void {
    switch (reaction) {
      case 'throw':
        throw new Deliberate('on purpose')
      case 'pause':
      case 'close':
        this.byOwner({ do: reaction })
        break
      case 'silence':
        this.byOwner({ do: 'handle', serves: false })
        break
      case 'release':
        this.byOwner({ do: 'release', to: (this.owner + 1) % 3, answer: 'acquire' })
        break
      case 'destroy':
        this.destroy('acquire')
        break
      case 'send':
        if (this.call(() => this.subject.send('x', this.#peer.address))) this.#written += 1
        // One that comes while this one is being delivered waits for its turn.
        this.#arrive(1)
        break
      case 'nothing':
    }
  }
}
