import type { Kind, PeerSide } from '../messages.ts'
import { betweenCharacters, firstDifference, numberedBytes } from '../numbered-bytes.ts'
import type { Random } from '../random.ts'

/** A link that has been ended waits so long for its peer, once it is flushed. */
const PATIENCE_MS = 2_000
const LARGEST_CHUNK = 8_000
/** Nearly the longest message that a WebSocket may bring. */
const HUGE_CHUNK = 60_000
/** More than this unsent, and a peer waits: its own memory is not what is tested. */
const ENOUGH = 256 * 1024

/** The far end of a connection: it sends numbered bytes and checks those that come. */
export abstract class Peer {
  abstract readonly kind: Kind
  readonly port: number
  left: PeerSide['left'] = 'no'
  isOver = false
  /** It sends no more. */
  protected finished = false
  protected sawEnd = false
  protected readonly random: Random
  readonly #over: (peer: Peer) => void
  #sent = 0
  #received = 0
  #wrongAt: number | undefined
  #slept = false
  #stalledSince: number | undefined

  constructor(port: number, random: Random, over: (peer: Peer) => void) {
    this.port = port
    this.random = random
    this.#over = over
  }

  protected abstract readonly unsent: number
  /** Sends a chunk, as bytes or as text. */
  protected abstract write(chunk: Buffer, asText: boolean): void
  protected abstract pause(): void
  protected abstract resume(): void
  /** Finishes sending, properly. */
  protected abstract end(): void
  /** Leaves without a word: a reset, or in the middle of something. */
  protected abstract breakOff(): void

  get side(): PeerSide {
    return {
      kind: this.kind,
      port: this.port,
      sent: this.#sent,
      received: this.#received,
      left: this.left,
      sawEnd: this.sawEnd,
      slept: this.#slept || this.#hasSleptLong,
      ...(this.#wrongAt !== undefined && { wrongAt: this.#wrongAt }),
    }
  }

  /** Does something, whatever comes to its mind. */
  act(): void {
    const { random } = this
    if (this.#stalledSince !== undefined) {
      if (random.onceIn(4)) this.#wake()
    } else if (random.onceIn(12)) this.#stall()
    if (random.onceIn(60)) this.finish()
    else if (random.onceIn(120)) this.leave()
    else if (!this.finished && this.unsent < ENOUGH) {
      for (let left = random.between(0, 3); left > 0; left -= 1) {
        this.#send(random.onceIn(100) ? HUGE_CHUNK : random.size(LARGEST_CHUNK))
      }
    }
  }

  /** Comes to a proper end, and reads what is still to come. */
  finish(): void {
    this.#wake()
    if (this.finished) return
    this.finished = true
    if (this.left === 'no' && !this.sawEnd) this.left = 'ended'
    this.end()
  }

  leave(): void {
    // One that the other side never saw would be taken for the next one that has its port.
    if (this.left === 'broke' || (this.#received === 0 && !this.sawEnd)) return
    this.finished = true
    this.left = 'broke'
    this.breakOff()
  }

  protected came(bytes: Uint8Array): void {
    this.#wrongAt ??= firstDifference(bytes, this.port, '>', this.#received)
    this.#received += bytes.byteLength
  }

  /** What came cannot be read. */
  protected broken(): void {
    this.#wrongAt ??= this.#received
  }

  protected closed(): void {
    if (this.isOver) return
    this.isOver = true
    this.#over(this)
  }

  get #hasSleptLong(): boolean {
    return this.#stalledSince !== undefined && performance.now() - this.#stalledSince > PATIENCE_MS * 0.8
  }

  #send(size: number): void {
    const asText = this.random.onceIn(2)
    const end = this.#sent + size
    const to = asText ? betweenCharacters(end) : end
    const from = this.#sent
    // A text begins and ends between two characters.
    if (asText && betweenCharacters(from) !== from) return
    this.#sent = to
    this.write(numberedBytes(this.port, '<', from, to), asText)
  }

  #stall(): void {
    this.#stalledSince = performance.now()
    this.pause()
  }

  #wake(): void {
    if (this.#stalledSince === undefined) return
    if (this.#hasSleptLong) this.#slept = true
    this.#stalledSince = undefined
    this.resume()
  }
}
