import type { Offer, Owner, OwnerRef, Socket, SocketHandlers, StreamOffer } from '@mudwire/core'
import type { Mode, Served } from './served.ts'
import type { Town } from './town.ts'

/** What handlers throw on purpose. */
export const DELIBERATE: Error = new Error('on purpose')

const MODES: readonly Mode[] = ['line', 'line', 'text', 'bytes', 'none']
const LARGEST_WRITE = 6_000
/** Enough to fill what the kernel keeps for a peer that does not read. */
const FLOOD = 200_000
const OFFER_MS = 300

/** One owner: takes connections, passes them on, and does whatever else an owner may do. */
export class Resident {
  readonly name: string
  readonly #town: Town
  readonly #owner: Owner

  constructor(town: Town) {
    town.born += 1
    this.name = `resident-${town.born}`
    this.#town = town
    // Most have an heir, who may be dead by then.
    const heir = town.residents.length > 0 && !town.random.onceIn(4) ? town.anybody().ref : undefined
    this.#owner = town.driver.owner(this.name, {
      offered: (offer) => this.#offered(offer),
      ...(heir && { heir }),
    })
  }

  get ref(): OwnerRef {
    return this.#owner.ref
  }

  leave(): void {
    this.#owner.destroy()
    this.#town.gone.push(new WeakRef(this))
  }

  /** Does something with a connection of its own, from outside of any handler. */
  act(served: Served, socket: Socket): void {
    const { random } = this.#town
    switch (random.between(0, 15)) {
      case 0:
      case 1:
      case 2:
        this.#release(socket)
        break
      case 3:
      case 4:
        this.#offer(socket)
        break
      case 5:
        socket.withdraw()
        break
      case 6:
        this.#handle(served, socket)
        break
      case 7:
        socket.pause()
        break
      case 8:
      case 9:
        socket.resume()
        break
      case 10:
        socket.flush()
        break
      case 11:
        this.#leaveBe(served, socket)
        break
      default:
        this.#write(served)
    }
  }

  /** Reads everything that is still to come, and lets it end. */
  readOn(served: Served, socket: Socket): void {
    socket.withdraw()
    if (served.mode === 'none') this.#handle(served, socket)
    socket.resume()
  }

  /** Answers an arriving connection. */
  welcome(offer: StreamOffer<undefined>): void | Promise<void> {
    return this.#answer(offer, 40)
  }

  #offered(offer: Offer): void | Promise<void> {
    if (offer.kind === 'stream') return this.#answer(offer, 3)
  }

  /** Once in `refusals` times it is not taken. */
  #answer(offer: StreamOffer, refusals: number): void | Promise<void> {
    const { random, isClosing } = this.#town
    if (!isClosing && random.onceIn(refusals)) return this.#refuse(offer)
    // A release wants its answer at once, and gets one nine times out of ten.
    if (!isClosing && random.onceIn(10)) return this.#answerLater(offer)
    this.#take(offer)
  }

  #refuse(offer: StreamOffer): void | Promise<void> {
    switch (this.#town.random.between(0, 3)) {
      case 0:
        offer.decline('not today')
        break
      case 1:
        throw DELIBERATE
      case 2:
        return this.#town.pass(OFFER_MS / 3)
    }
  }

  async #answerLater(offer: StreamOffer): Promise<void> {
    await this.#town.pass(this.#town.random.between(0, OFFER_MS))
    if (offer.state === 'open') this.#take(offer)
  }

  #take(offer: StreamOffer): void {
    const { random, isClosing } = this.#town
    const mode = isClosing ? 'line' : random.oneOf(MODES)
    const socket = offer.acquire(this.#handlers(mode))
    if (!socket) return
    const served = this.#town.of(socket)
    served.acquired(this, socket, mode)
    // The first greets, so that the peer knows that somebody has seen it.
    if (socket.position.written === 0) served.write(1, false)
    if (isClosing) return
    if (random.onceIn(8)) this.#write(served)
    if (random.onceIn(20)) this.#release(socket)
    else if (random.onceIn(100)) throw DELIBERATE
  }

  #release(socket: Socket): void {
    const result = socket.release(this.#town.anybody().ref)
    const died = !result.acquired && !result.owned
    if ((socket.state === 'revoked') !== result.acquired && !died) {
      this.#town.surprises.push(
        `after a release: ${JSON.stringify(result)}, and the handle is ${socket.state}`,
      )
    }
  }

  #offer(socket: Socket): void {
    const { random } = this.#town
    void socket.offer(this.#town.anybody().ref, { deadlineMs: random.between(1, OFFER_MS) })
  }

  #handle(served: Served, socket: Socket): void {
    const { random, isClosing } = this.#town
    const mode = isClosing ? 'bytes' : random.oneOf(MODES)
    // A socket that is closing has nobody who reads any more.
    if (socket.state !== 'open') return
    served.reads(mode)
    socket.handle(this.#handlers(mode))
  }

  #write(served: Served): void {
    const { random } = this.#town
    // Whoever was told false waits; but not everybody does.
    if (served.socket?.writable === false && !random.onceIn(50)) return
    served.write(random.onceIn(150) ? FLOOD : random.size(LARGEST_WRITE), random.onceIn(2))
  }

  /** Rarely: closes it, or breaks it off. */
  #leaveBe(served: Served, socket: Socket): void {
    const { random } = this.#town
    if (random.onceIn(40)) {
      served.note('closes')
      socket.close()
    } else if (random.onceIn(60)) {
      served.note('aborts')
      socket.abort()
    }
  }

  #handlers(mode: Mode): SocketHandlers {
    const read = (data: string | Uint8Array, terminated: boolean, socket: Socket): void => {
      const served = this.#town.of(socket)
      served.called(mode, this, socket)
      served.check(data, terminated)
      this.#react(served, socket)
    }
    const common: SocketHandlers = {
      drain: (socket) => {
        const served = this.#town.of(socket)
        served.called('drain', this, socket)
        this.#react(served, socket)
      },
      // Some have a last word when the peer has finished.
      ...(this.#town.random.onceIn(2) && {
        end: (socket: Socket) => {
          const served = this.#town.of(socket)
          served.called('end', this, socket)
          served.ended()
          served.write(100, true)
          socket.close()
        },
      }),
    }
    switch (mode) {
      case 'line':
        return { ...common, line: (text, { terminated }, socket) => read(text, terminated, socket) }
      case 'text':
        return { ...common, text: (text, socket) => read(text, true, socket) }
      case 'bytes':
        return { ...common, bytes: (bytes, socket) => read(bytes, true, socket) }
      case 'none':
        return common
    }
  }

  /** Does something from within a handler, now and then. */
  #react(served: Served, socket: Socket): void {
    const { random, isClosing } = this.#town
    if (isClosing || !random.onceIn(60)) return
    if (random.onceIn(20)) throw DELIBERATE
    this.act(served, socket)
  }
}
