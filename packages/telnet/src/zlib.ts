import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib'
import { concatBytes } from '@mudwire/core/internal'
import type { Codec, Deflater, DeflaterEvents, Inflater, InflaterEvents } from './compression.ts'

/** Compression by Node's zlib. */
export const zlib: Codec = {
  deflater: (events) => new ZlibDeflater(events),
  inflater: (events) => new ZlibInflater(events),
}

/**
 * A window of 4 KiB has most of the gain on text. With Node's zlib, whose hash table is 64 KiB whatever is asked for, a
 * stream takes some 110 KiB of the system's memory, where the default takes 225.
 */
const SMALL = { windowBits: 12, memLevel: 5, chunkSize: 1024, flush: constants.Z_SYNC_FLUSH }
/** Mudlet has lost its way in longer stretches. */
const LONGEST_WRITE = 64 * 1024

class ZlibDeflater implements Deflater {
  pending = 0
  readonly #events: DeflaterEvents
  readonly #stream: Deflate = createDeflate(SMALL)
  #burst: Uint8Array[] = []
  /** What a burst has become; zlib gives it in pieces. */
  #pieces: Uint8Array[] = []
  #ended: (() => void) | undefined

  constructor(events: DeflaterEvents) {
    this.#events = events
    this.#stream.on('data', (piece: Uint8Array) => {
      this.#pieces.push(piece)
      if (this.pending === 0) this.#giveOut()
    })
    this.#stream.on('end', () => {
      this.#giveOut()
      this.#ended?.()
    })
    this.#stream.on('error', () => {})
  }

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.pending += bytes.length
    // One flush for everything that is written in this burst.
    if (this.#burst.length === 0) queueMicrotask(() => this.#flush())
    this.#burst.push(bytes)
  }

  finish(ended: () => void): void {
    this.#ended = ended
    this.#flush()
    this.#stream.end()
  }

  destroy(): void {
    this.#burst = []
    this.#pieces = []
    this.pending = 0
    this.#ended = undefined
    this.#stream.removeAllListeners('data')
    this.#stream.destroy()
  }

  #flush(): void {
    const whole = Buffer.concat(this.#burst)
    this.#burst = []
    for (let start = 0; start < whole.length; start += LONGEST_WRITE) {
      const part = whole.subarray(start, start + LONGEST_WRITE)
      this.#stream.write(part, () => {
        this.pending -= part.length
        this.#giveOut()
      })
    }
  }

  #giveOut(): void {
    const pieces = this.#pieces
    this.#pieces = []
    if (pieces.length > 0) this.#events.compressed(concatBytes(pieces))
    if (this.pending === 0 && this.#stream.readableLength === 0 && !this.#stream.destroyed)
      this.#events.idle()
  }
}

/** So much comes out at a time. */
const CHUNK = 16 * 1024
/** More than this, and so many times what went in, is an attack: text compresses ten times at most. */
const BOMB_BYTES = 64 * 1024
const BOMB_RATIO = 200

class ZlibInflater implements Inflater {
  readonly #events: InflaterEvents
  readonly #stream: Inflate = createInflate({ chunkSize: CHUNK })
  #waiting: Uint8Array[] = []
  #current: Uint8Array | undefined
  /** How far the stream had come when it got the current chunk. */
  #before = 0
  #out = 0
  #isOver = false

  constructor(events: InflaterEvents) {
    this.#events = events
    this.#stream.on('data', (chunk: Buffer) => this.#inflated(chunk))
    this.#stream.on('end', () => this.#ended())
    this.#stream.on('error', () => this.#fail('bad-compression'))
  }

  get isBusy(): boolean {
    return this.#current !== undefined || this.#waiting.length > 0
  }

  push(chunk: Uint8Array): void {
    if (this.#isOver || chunk.length === 0) return
    this.#waiting.push(chunk)
    this.#next()
  }

  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  destroy(): void {
    this.#isOver = true
    this.#waiting = []
    this.#current = undefined
    this.#stream.removeAllListeners('data')
    this.#stream.destroy()
  }

  #next(): void {
    if (this.#current || this.#isOver) return
    const chunk = this.#waiting.shift()
    if (!chunk) return
    this.#current = chunk
    this.#before = this.#stream.bytesWritten
    this.#stream.write(chunk, () => this.#settle())
  }

  /** The chunk is done when all of it has been taken and everything that came of it has been given out. */
  #settle(): void {
    const { bytesWritten, readableLength } = this.#stream
    if (this.#isOver || !this.#current || readableLength > 0) return
    // What was not taken stands behind the end of the stream, which is told next.
    if (bytesWritten - this.#before < this.#current.length) return
    this.#current = undefined
    if (this.#waiting.length > 0) this.#next()
    else this.#events.idle()
  }

  #inflated(chunk: Uint8Array): void {
    if (this.#isOver) return
    this.#out += chunk.length
    if (this.#out > BOMB_BYTES && this.#out > BOMB_RATIO * this.#stream.bytesWritten) {
      this.#fail('compression-bomb')
      return
    }
    this.#events.inflated(chunk)
    this.#settle()
  }

  #ended(): void {
    if (this.#isOver) return
    const taken = this.#stream.bytesWritten - this.#before
    const rest = this.#current ? [this.#current.subarray(taken), ...this.#waiting] : this.#waiting
    this.destroy()
    this.#events.ended(new Uint8Array(Buffer.concat(rest)))
  }

  #fail(code: 'bad-compression' | 'compression-bomb'): void {
    if (this.#isOver) return
    this.destroy()
    this.#events.failed(code)
  }
}
