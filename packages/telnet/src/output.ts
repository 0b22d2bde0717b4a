import type { Link } from '@mudwire/core'
import type { Codec, Deflater } from './compression.ts'
import { type Charset, encodeBytes, encodeText, withLineEnds } from './nvt.ts'
import { CR, LF, NUL } from './protocol.ts'

const LONE_NUL = new Uint8Array([NUL])
const LINE_FEED = new Uint8Array([LF])

/** What an output calls. */
export interface OutputEvents {
  /** What was compressed has come out. */
  drained(): void
}

/** What is sent: data escaped, commands between, all of it compressed from a certain byte on. */
export class Output {
  charset: Charset = 'utf8'
  /** What was written last is not the end of a line. */
  midLine = false
  /** Something was sent since the last look, so the peer need not be kept awake. */
  wasActive = false
  readonly #link: Link
  readonly #events: OutputEvents
  /** The last byte of data was a CR, and needs a NUL unless an LF follows. */
  #afterCr = false
  #deflater: Deflater | undefined
  /** What is to be done, in its order, when the compressed stream has ended; there only while it is being ended. */
  #behind: (() => void)[] | undefined
  /** Bytes that wait behind it. */
  #held = 0
  /** What is written now is going to be compressed. */
  #compresses = false

  constructor(link: Link, events: OutputEvents) {
    this.#link = link
    this.#events = events
  }

  get isCompressed(): boolean {
    return this.#compresses
  }

  get buffered(): number {
    // It is asked for at every write.
    if (!this.#deflater) return this.#link.buffered
    return this.#deflater.pending + this.#held + this.#link.buffered
  }

  /** Data; true when nothing of it is left. */
  write(chunk: string | Uint8Array): boolean {
    if (chunk.length === 0) return this.buffered === 0
    if (typeof chunk !== 'string') return this.writeEncoded(encodeBytes(chunk))
    if (this.#afterCr && chunk.charCodeAt(0) === LF) {
      // This LF has its CR already.
      this.send(LINE_FEED)
      this.note(LF)
      return this.write(chunk.slice(1))
    }
    if (!this.takesText) return this.writeEncoded(encodeText(chunk, this.charset))
    const text = withLineEnds(chunk)
    this.passCr(false)
    this.note(text.charCodeAt(text.length - 1))
    this.wasActive = true
    return this.#link.write(text)
  }

  /** Data that is encoded and escaped already. */
  writeEncoded(encoded: Uint8Array): boolean {
    if (encoded.length === 0) return this.buffered === 0
    this.passCr(encoded[0] === LF)
    this.note(encoded[encoded.length - 1] as number)
    return this.send(encoded)
  }

  /** A command, which is no data. */
  command(bytes: Uint8Array | readonly number[]): void {
    this.passCr(false)
    this.send(bytes instanceof Uint8Array ? bytes : Uint8Array.from(bytes))
  }

  /** Everything that is sent from now on is compressed. */
  compress(codec: Codec): void {
    this.#compresses = true
    this.begin(codec)
  }

  /** Ends the compressed stream, where there is one; `done` is called when the link has all of it. */
  finish(done: () => void): void {
    this.#compresses = false
    this.end(done)
  }

  destroy(): void {
    this.#deflater?.destroy()
  }

  private begin(codec: Codec): void {
    if (this.#behind) {
      this.#behind.push(() => this.begin(codec))
      return
    }
    this.#deflater = codec.deflater({
      compressed: (bytes) => this.#link.write(bytes),
      idle: () => this.#events.drained(),
    })
  }

  private end(done: () => void): void {
    const deflater = this.#deflater
    if (!deflater) done()
    else if (this.#behind) this.#behind.push(() => this.end(done))
    else {
      this.#behind = [done]
      deflater.finish(() => this.ended(deflater))
    }
  }

  private ended(deflater: Deflater): void {
    const behind = this.#behind ?? []
    this.#deflater = undefined
    this.#behind = undefined
    this.#held = 0
    deflater.destroy()
    // A client that has changed its mind again may begin and end another one here.
    for (const next of behind) next()
    this.#events.drained()
  }

  /** A text that is the same on the wire goes on as a text, which is quicker. */
  private get takesText(): boolean {
    const { shape, encoding } = this.#link
    return this.charset === 'utf8' && !this.#deflater && shape === 'stream' && encoding === 'utf8'
  }

  private note(last: number): void {
    this.#afterCr = last === CR
    this.midLine = last !== LF && last !== CR
  }

  private passCr(isLineFeed: boolean): void {
    if (this.#afterCr && !isLineFeed) this.send(LONE_NUL)
    this.#afterCr = false
  }

  private send(bytes: Uint8Array): boolean {
    this.wasActive = true
    if (!this.#deflater) return this.#link.write(bytes)
    if (this.#behind) {
      this.#held += bytes.length
      this.#behind.push(() => void this.send(bytes))
    } else this.#deflater.write(bytes)
    return false
  }
}
