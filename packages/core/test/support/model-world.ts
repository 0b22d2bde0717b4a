import { expect } from 'vitest'
import {
  createDriver,
  type Driver,
  layer,
  type Offer,
  type OfferResult,
  type Owner,
  type Socket,
  type SocketHandlers,
  type StreamOffer,
} from '../../src/index.ts'
import { type DrivenClock, drivenClock, type MemoryPeer, memory } from '../../src/memory/index.ts'
import { type Fault, type FaultyLink, faulty } from './faulty-link.ts'
import { Deliberate } from './hand-over-model.ts'
import type { Action, Answer, Mode } from './model-actions.ts'

/** Line ends and letters, so that every byte of the stream can be told from its neighbours. */
const PATTERN = 'ab\ncd\r\nef\rgh\r\0ij é€𝄞 kl\n\nmn\r\r\nop'
const STREAM = new TextEncoder().encode(PATTERN.repeat(60))
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** What needs a living handle. */
const BY_OWNER: ReadonlySet<string> = new Set([
  ...['write', 'pause', 'resume', 'flush', 'withdraw', 'handle', 'close', 'abort', 'release', 'offer'],
])

/** A link that misbehaves: call by call, and before core has it. */
export interface Faults {
  readonly calls: readonly (readonly Fault[])[]
  /** What the peer does between the answer and the moment when core gets the link. */
  readonly early: 'nothing' | 'send' | 'end' | 'leave' | 'reset'
}

const SOFT_LIMIT = 64
const HARD_LIMIT = 300

const EARLY: Readonly<Record<Exclude<Faults['early'], 'nothing'>, Action>> = {
  send: { do: 'send', size: 9 },
  end: { do: 'end' },
  leave: { do: 'leave' },
  reset: { do: 'reset' },
}

/** Thrown by handlers on purpose. */

/**
 * One connection, three owners, and what must be true of them: the model knows whose the socket is, and checks every
 * call of every handler against that.
 */
export class World {
  readonly clock: DrivenClock = drivenClock()
  readonly driver: Driver
  readonly owners: Owner[]
  peer!: MemoryPeer

  // What the model believes.
  owner = 0
  socket!: Socket
  paused = false
  mode: Mode = 'none'
  #open: StreamOffer | undefined
  #openUntil = 0
  closed = false
  closeTold = 0
  endTold = 0
  /** The connection ended without a loss: everything sent must have been read. */
  lossless = true
  sent = 0
  read = 0
  signalsSent = 0
  signalsRead = 0
  written = ''
  readonly destroyed: Set<number> = new Set()

  // What is on the stack.
  #calls = 0
  #handlers = 0
  #answers: Answer[] = []
  #previous: Mode | undefined
  readonly #reactions: Action[][]
  readonly #surprises: unknown[] = []
  readonly #faults: Faults | undefined
  #faulty: FaultyLink | undefined

  constructor(reactions: readonly Action[][], faults?: Faults) {
    this.#reactions = [...reactions]
    this.#faults = faults
    this.driver = createDriver({
      ...this.clock,
      onError: ({ error }) => {
        if (!(error instanceof Deliberate)) this.#surprises.push(error)
      },
    })
    // The first is inherited by the second, the second by the third, and the third by nobody.
    const owners: Owner[] = []
    for (const index of [2, 1, 0]) {
      const heir = owners[0]?.ref
      const offered = (offer: Offer): void | Promise<void> => this.#offered(index, offer)
      owners.unshift(this.driver.owner(`owner-${index}`, heir ? { offered, heir } : { offered }))
    }
    this.owners = owners
  }

  /** The offer that is open, if any: it ends by itself after five seconds. */
  get open(): StreamOffer | undefined {
    return this.clock.now() < this.#openUntil ? this.#open : undefined
  }

  set open(offer: StreamOffer | undefined) {
    this.#open = offer
    this.#openUntil = this.clock.now() + 5_000
  }

  async start(): Promise<void> {
    const network = memory({ clock: this.clock })
    const owner = this.owners[0] as Owner
    const faults = this.#faults
    const wrap =
      faults &&
      faulty(faults.calls, this.clock.defer, (link) => {
        this.#faulty = link
      })
    this.socket = owner.connect(wrap ? layer(network, wrap) : network, this.#handlersFor(0, 'line'), {
      softLimit: SOFT_LIMIT,
      hardLimit: HARD_LIMIT,
    })
    this.mode = 'line'
    for (let round = 0; round < 4; round += 1) await undefined
    this.peer = network.answer()
    if (faults && faults.early !== 'nothing') this.act(EARLY[faults.early])
    for (let round = 0; round < 4; round += 1) await undefined
    this.clock.run()
    if (!faults) expect(this.socket.state).toBe('open')
  }

  /** Does one thing, from outside or from within a handler. */
  act(action: Action): void {
    const { socket, peer } = this
    this.#noticeFaults()
    if (socket.state === 'revoked' && BY_OWNER.has(action.do)) {
      expect(() => socket.pause()).toThrow(expect.objectContaining({ code: 'EESECURITY' }))
      return
    }
    switch (action.do) {
      case 'send':
        peer.send(this.#next(action.size))
        break
      case 'burst':
        peer.burst(action.sizes.map((size) => this.#next(size)))
        break
      case 'signal':
        if (!this.#quiet && !peer.closed) this.signalsSent += 1
        peer.signal('tick', this.sent)
        break
      case 'stall':
        peer.stall()
        break
      case 'unstall':
        peer.unstall()
        break
      case 'end':
        this.#quiet = true
        peer.end()
        break
      case 'leave':
        this.#quiet = true
        // Handlers may run, and write, while the peer goes.
        this.#mayLoseOutput = true
        peer.close()
        break
      case 'reset':
        this.#quiet = true
        this.#mayLoseOutput = true
        peer.reset()
        this.lossless = false
        this.#sync()
        break
      case 'write':
        this.#write(action.size)
        break
      case 'pause':
        this.#call(() => socket.pause())
        this.paused = true
        break
      case 'resume':
        this.#call(() => socket.resume())
        this.paused = false
        break
      case 'flush':
        this.#call(() => socket.flush())
        break
      case 'withdraw':
        this.#withdraw()
        break
      case 'handle':
        this.#call(() => socket.handle(this.#handlersFor(this.owner, action.mode)))
        this.mode = action.mode
        break
      case 'close':
        if (!this.closed) this.lossless = false
        this.#call(() => socket.close())
        this.#sync()
        break
      case 'abort':
        this.lossless = false
        this.#mayLoseOutput = true
        this.#call(() => socket.abort())
        this.#sync()
        break
      case 'destroy':
        this.#destroy(this.owner, action.answer)
        break
      case 'release':
        this.#release(action.to, action.answer)
        break
      case 'offer':
        this.#offer(action.to, action.answer)
        break
      case 'answerLate':
        this.#answerLate(action)
        break
      case 'throw':
        throw new Deliberate('on purpose')
      case 'turn':
        this.clock.step()
        break
      case 'run':
        this.clock.run()
        this.#checkProgress()
        break
      case 'wait':
        this.clock.advance(action.ms)
        break
      case 'rude':
        this.#faulty?.be(action.fault)
        this.#noticeFaults()
        break
    }
  }

  /** No more input: lets everything that can still be read be read, and checks the sums. */
  finish(): void {
    this.#reactions.length = 0
    this.peer.unstall()
    this.clock.run()
    if (!this.closed && this.socket.state === 'open') {
      if (this.open) this.act({ do: 'withdraw' })
      if (this.mode === 'none') this.act({ do: 'handle', mode: 'bytes' })
      this.act({ do: 'resume' })
    }
    this.clock.run()
    this.#noticeFaults()
    // Every false was followed by its drain, whoever got it.
    if (this.socket.state === 'open' && !this.#mayLoseOutput) expect(this.socket.writable).toBe(true)
    this.peer.end()
    this.clock.advance(60_000)
    if (this.socket.state === 'open') {
      expect(this.endTold, 'it is open still, for an owner that has seen the end').toBe(1)
      this.#call(() => this.socket.close())
      this.clock.advance(60_000)
    }
    this.#noticeFaults()
    expect(this.#surprises).toEqual([])
    const arrived = this.peer.text
    expect(arrived).toBe(this.#mayLoseOutput ? this.written.slice(0, arrived.length) : this.written)
    if (this.lossless && !this.destroyed.has(this.owner)) {
      expect(this.socket.position.read).toBe(this.#given)
      expect(this.signalsRead).toBe(this.#faulty?.signals ?? this.signalsSent)
    }
    expect(this.closeTold).toBeLessThanOrEqual(1)
    if (!this.destroyed.has(this.owner)) expect(this.closeTold).toBe(1)
  }

  // The peer.

  /** The peer has said its last. */
  #quiet = false
  /** The peer went away, or was cut off: it need not have got everything. */
  #mayLoseOutput = false
  /** A write was told false, and its drain has not come. */
  #awaitsDrain = false

  #next(size: number): Uint8Array {
    const chunk = STREAM.slice(this.sent, this.sent + size)
    if (!this.#quiet && !this.peer.closed) this.sent += chunk.length
    return chunk
  }

  /** What core was given of it. */
  get #given(): number {
    return this.#faulty?.bytes ?? this.sent
  }

  /** A link that broke may have lost something, and may have closed the socket at any time. */
  #noticeFaults(): void {
    const link = this.#faulty
    if (!link) return
    if (link.broken) this.lossless = false
    if (link.broken || link.gone) this.#mayLoseOutput = true
    this.#sync()
  }

  // Calls into the driver.

  #call<Result>(call: () => Result): Result {
    this.#calls += 1
    try {
      return call()
    } finally {
      this.#calls -= 1
      this.#noticeFaults()
    }
  }

  /** A close or a break may have been told to the driver: no owner has anything to do with it any more. */
  #sync(): void {
    const { state } = this.socket
    if (state === 'closing' || state === 'closed') {
      this.closed = true
      this.open = undefined
    }
  }

  #write(size: number): void {
    this.#sync()
    const text = `${this.owner}`.repeat(size)
    const { closed } = this
    const unsent = this.written.length - this.peer.text.length
    const accepted = this.#call(() => this.socket.write(text))
    if (closed) expect(accepted).toBe(false)
    else if (this.socket.state === 'open') {
      if (!this.#mayLoseOutput) expect(unsent + size).toBeLessThanOrEqual(HARD_LIMIT)
      this.written += text
    } else {
      // Past the hard limit the connection is cut off, and the owner hears of it later.
      if (!this.#faulty?.broken) expect(unsent + size).toBeGreaterThan(HARD_LIMIT)
      this.lossless = false
      this.#mayLoseOutput = true
      this.#sync()
    }
    expect(this.socket.writable).toBe(accepted)
    if (!accepted) this.#awaitsDrain = true
  }

  #withdraw(): void {
    const possible = this.open !== undefined
    expect(this.#call(() => this.socket.withdraw())).toBe(possible)
    this.open = undefined
  }

  #destroy(index: number, answer?: Answer): void {
    if (this.destroyed.has(index)) return
    this.destroyed.add(index)
    const isOwner = index === this.owner
    const heir = index + 1
    const inherits = isOwner && !this.#isOver() && heir < this.owners.length && !this.destroyed.has(heir)
    if (isOwner) this.open = undefined
    const depth = this.#answers.length
    if (inherits && answer) this.#answers.push(answer)
    this.#call(() => this.owners[index]?.destroy())
    // A link that broke on the way left nothing to inherit.
    this.#answers.length = depth
    if (!isOwner || this.owner !== index) return
    this.lossless = false
    this.closed = true
  }

  #isOver(): boolean {
    this.#sync()
    return this.closed
  }

  #release(to: number, answer: Answer): void {
    this.#sync()
    const expected = this.#expectation(to)
    const before = this.owner
    const { socket } = this
    this.#answers.push(answer)
    const result = this.#call(() => socket.release((this.owners[to] as Owner).ref))
    this.#settled(expected, result, socket, before)
  }

  #offer(to: number, answer: Answer): void {
    this.#sync()
    const expected = this.#expectation(to)
    const { socket } = this
    this.#answers.push(answer)
    const depth = this.#answers.length
    void this.#call(() => socket.offer((this.owners[to] as Owner).ref))
    if (expected !== undefined) this.#answers.length = depth - 1
    this.#sync()
  }

  /** What a release must answer before anybody is asked; undefined: it depends on the target. */
  #expectation(to: number): string | undefined {
    if (this.closed) return 'EEBADF'
    if (this.open) return 'EESOCKRLSD'
    if (this.destroyed.has(to)) return 'EESOCKNOTRLSD'
    return undefined
  }

  #settled(expected: string | undefined, result: OfferResult, socket: Socket, before: number): void {
    if (expected !== undefined) {
      this.#answers.pop()
      expect(result).toMatchObject({ acquired: false, code: expected, owned: expected !== 'EEBADF' })
      return
    }
    // Whoever acquired, the old handle is dead; and if nobody did, it is as good as before.
    if (result.acquired) expect(socket.state).toBe('revoked')
    else if (result.owned) {
      expect(socket).toBe(this.socket)
      expect(this.owner).toBe(before)
    } else this.#sync()
  }

  // The owners.

  #offered(index: number, offer: Offer): void | Promise<void> {
    const answer = this.#answers.pop()
    if (!answer || offer.kind !== 'stream') throw new Error('an offer that nobody made')
    this.open = offer
    if (answer.do === 'wait') return new Promise(() => {})
    try {
      this.#answer(index, offer, answer)
    } finally {
      if (this.open === offer) this.open = undefined
    }
    return undefined
  }

  #answer(index: number, offer: StreamOffer, answer: Exclude<Answer, { do: 'wait' }>): void {
    const before = this.socket
    switch (answer.do) {
      case 'decline':
        this.#call(() => offer.decline('no'))
        break
      case 'throw':
        throw new Deliberate('on purpose')
      case 'die':
        this.#destroy(index, { do: 'decline' })
        break
      case 'closeFirst':
        this.act({ do: 'close' })
        this.#take(index, offer, 'bytes')
        break
      case 'acquire': {
        this.#take(index, offer, answer.mode)
        if (before === this.socket) return
        if (answer.next === 'throw') throw new Deliberate('on purpose')
        if (answer.next === 'close') this.act({ do: 'close' })
        if (answer.next === 'receive') this.act({ do: 'send', size: 5 })
        if (answer.next === 'back')
          this.#release((index + 1) % 3, { do: 'acquire', mode: 'line', next: 'return' })
        if (answer.next === 'onward') this.#release((index + 2) % 3, { do: 'decline' })
      }
    }
  }

  #answerLate({ acquire, mode }: { readonly acquire: boolean; readonly mode: Mode }): void {
    const offer = this.open
    if (offer?.state !== 'open') return
    const index = this.owners.findIndex((owner) => owner.ref === offer.to)
    if (acquire) this.#take(index, offer, mode)
    else {
      this.#call(() => offer.decline())
      this.open = undefined
    }
  }

  #take(index: number, offer: StreamOffer, mode: Mode): void {
    const old = this.socket
    const possible = !this.closed && this.open === offer && !this.destroyed.has(index)
    const socket = this.#call(() => offer.acquire(this.#handlersFor(index, mode)))
    expect(socket !== undefined).toBe(possible)
    if (!socket) return
    expect(offer.state).toBe('acquired')
    expect(old.state).toBe('revoked')
    expect(() => old.write('from the dead')).toThrow(expect.objectContaining({ code: 'EESECURITY' }))
    this.owner = index
    this.socket = socket
    this.mode = mode
    this.paused = false
    this.open = undefined
  }

  #handlersFor(index: number, mode: Mode): SocketHandlers {
    const common: SocketHandlers = {
      signal: (signal: { readonly payload: number }, socket: Socket) =>
        this.#handler('signal', index, socket, () => {
          this.#checkSignal(signal.payload)
          this.#react()
        }),
      drain: (socket) =>
        this.#handler('drain', index, socket, () => {
          if (!this.#awaitsDrain) this.#surprises.push(new Error('a drain that nobody waits for'))
          this.#awaitsDrain = false
          this.#react()
        }),
      // One of the owners goes on writing when the peer has finished.
      ...(index === 1 && {
        end: (socket: Socket) =>
          this.#handler('end', index, socket, () => {
            this.endTold += 1
            this.#react()
          }),
      }),
      close: (_reason, socket) =>
        this.#handler('close', index, socket, () => {
          this.closed = true
          this.open = undefined
          this.closeTold += 1
        }),
    }
    if (mode === 'none') return common
    const reader = (data: string | Uint8Array, terminated: boolean, socket: Socket): void =>
      this.#handler('read', index, socket, () => {
        expect(mode).toBe(this.mode)
        this.#check(data, terminated, mode)
        this.#react()
      })
    if (mode === 'line')
      return {
        ...common,
        line: (text, info, socket) => reader(text, info.terminated, socket),
      } as SocketHandlers
    if (mode === 'text')
      return {
        ...common,
        text: (text: string, socket: Socket) => reader(text, true, socket),
      } as SocketHandlers
    return {
      ...common,
      bytes: (bytes: Uint8Array, socket: Socket) => reader(bytes, true, socket),
    } as SocketHandlers
  }

  /** What holds of every call of every handler. */
  #handler(name: string, index: number, socket: Socket, body: () => void): void {
    try {
      expect(this.#calls, `${name} inside a call into the driver`).toBe(0)
      expect(this.#handlers, `${name} inside another handler`).toBe(0)
      expect(index, `${name} told to another than the owner`).toBe(this.owner)
      expect(socket, `${name} with another handle than the owner's`).toBe(this.socket)
      expect(this.destroyed.has(index), `${name} told to a destroyed owner`).toBe(false)
      expect(this.closeTold, `${name} after the close`).toBe(0)
      if (name !== 'drain' && name !== 'close') expect(this.endTold, `${name} after the end`).toBe(0)
      if (name === 'read' || name === 'signal' || name === 'end') {
        expect(this.paused, `${name} while paused`).toBe(false)
        expect(this.open, `${name} while on offer`).toBeUndefined()
        expect(socket.state, `${name} on a socket that is not open`).toBe('open')
      }
    } catch (error) {
      this.#surprises.push(error)
    }
    this.#handlers += 1
    try {
      body()
    } finally {
      this.#handlers -= 1
    }
  }

  #react(): void {
    for (const action of this.#reactions.shift() ?? []) {
      // A handler acts on its own socket; when it has handed that on, it has nothing left to act on.
      if (this.socket.state === 'revoked') return
      this.act(action)
    }
  }

  /** Nothing waits for an owner who reads: but for half a line, or half a character. */
  #checkProgress(): void {
    if (this.#calls > 0 || this.#handlers > 0 || this.socket.state !== 'open' || this.paused || this.open)
      return
    const waiting = this.#given - this.socket.position.read
    if (this.mode === 'bytes') expect(waiting).toBe(0)
    if (this.mode === 'text') expect(waiting).toBeLessThanOrEqual(3)
    if (this.mode === 'line') expect(STREAM.slice(this.#given - waiting + 1, this.#given)).not.toContain(10)
  }

  /** A signal comes before everything that was sent after it, and after no such thing. */
  #checkSignal(sentBefore: number): void {
    this.signalsRead += 1
    if (this.socket.position.read > sentBefore) {
      this.#surprises.push(new Error(`a signal sent at ${sentBefore} came at ${this.socket.position.read}`))
    }
  }

  /** What was delivered is exactly what the peer sent at that place. */
  #check(data: string | Uint8Array, terminated: boolean, mode: Mode): void {
    const to = this.socket.position.read
    let part = STREAM.slice(this.read, to)
    if (this.#previous === 'line' && STREAM[this.read - 1] === 13 && (part[0] === 10 || part[0] === 0))
      part = part.slice(1)
    const text = decoder.decode(part)
    const told = typeof data === 'string' ? data : decoder.decode(data)
    const body = mode === 'line' && terminated ? text.replace(/(\r\n|\r\0|\r|\n)$/, '') : text
    if (body !== told || to > this.#given) {
      this.#surprises.push(
        new Error(`${mode} at ${this.read}: ${JSON.stringify(told)}, sent was ${JSON.stringify(body)}`),
      )
    }
    this.read = to
    this.#previous = mode
  }
}
