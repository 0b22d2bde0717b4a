import { ByteBuffer } from './byte-buffer.ts'
import { CR, DO, DONT, IAC, NUL, SB, SE, type Verb, WILL, WONT } from './protocol.ts'

/** What a parser finds, in the order of the wire. */
export interface ParserEvents {
  /** Data, unescaped. It may be a part of the chunk that was pushed. */
  content(bytes: Uint8Array): void
  /** A command without an argument, such as NOP. */
  command(command: number): void
  negotiation(verb: Verb, option: number): void
  /** A whole subnegotiation, unescaped. The memory is the receiver's. */
  subnegotiation(option: number, body: Uint8Array): void
}

/** Where the next byte stands. */
const DATA = 0
const COMMAND = 1
const VERB = 2
const OPTION = 3
const BODY = 4
const BODY_COMMAND = 5
/** A second 255, which is data, begins the next chunk. */
const LITERAL = 6

const NO_BODY = new Uint8Array(0)

/**
 * Tells data from commands, byte by byte (RFC 854, 855), in the place of the chunk it is given. However a stream is cut
 * into chunks, what it finds is the same.
 *
 * A NUL behind a CR is dropped: `CR NUL` is how a lone CR travels. A subnegotiation that is longer than the limit, its
 * escapes counted, is passed over to its end and given to nobody. One that is broken off by another command is dropped,
 * and the command counts.
 */
export class Parser {
  readonly #events: ParserEvents
  readonly #limit: number
  #state = DATA
  #afterCr = false
  #verb: Verb = WILL
  #option = 0
  /** The body so far, and how many bytes of it are on the wire; there only inside of a subnegotiation. */
  #body: ByteBuffer | undefined
  #onWire = 0
  #stopped = false

  constructor(events: ParserEvents, limit: number) {
    this.#events = events
    this.#limit = limit
  }

  /** Called from an event: the rest of the chunk is something else, and `push` returns where it begins. */
  stop(): void {
    this.#stopped = true
  }

  /** Takes a chunk, which is its own from now on. Returns how far it came. */
  push(chunk: Uint8Array): number {
    this.#stopped = false
    let at = 0
    while (at < chunk.length && !this.#stopped) {
      at = this.#state === DATA || this.#state === LITERAL ? this.#data(chunk, at) : this.#byte(chunk, at)
    }
    return at
  }

  #data(chunk: Uint8Array, start: number): number {
    if (this.#state === DATA && chunk.indexOf(IAC, start) < 0 && chunk.indexOf(NUL, start) < 0) {
      this.#afterCr = chunk[chunk.length - 1] === CR
      this.#events.content(start === 0 ? chunk : chunk.subarray(start))
      return chunk.length
    }
    return this.#unescape(chunk, start)
  }

  /** Data up to the next command, moved together over what is no data. */
  #unescape(chunk: Uint8Array, start: number): number {
    let end = start
    let at = start
    let isLiteral = this.#state === LITERAL
    this.#state = DATA
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] as number
      if (byte === IAC && !isLiteral) {
        if (chunk[at + 1] !== IAC) {
          this.#state = COMMAND
          at += 1
          break
        }
        at += 1
      } else if (byte === NUL && this.#afterCr) {
        this.#afterCr = false
        continue
      }
      isLiteral = false
      this.#afterCr = byte === CR
      chunk[end++] = byte
    }
    if (end > start) this.#events.content(chunk.subarray(start, end))
    return at
  }

  #byte(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] as number
    switch (this.#state) {
      case COMMAND:
        // The byte itself is looked at again, as data.
        if (byte === IAC) {
          this.#state = LITERAL
          return at
        }
        this.#command(byte)
        break
      case VERB:
        this.#state = DATA
        this.#events.negotiation(this.#verb, byte)
        break
      case OPTION:
        this.#begin(byte)
        break
      case BODY:
        this.#onWire += 1
        if (byte === IAC) this.#state = BODY_COMMAND
        else this.#append(byte)
        break
      default:
        this.#bodyCommand(byte)
    }
    return at + 1
  }

  #command(byte: number): void {
    if (byte === SB) this.#state = OPTION
    else if (byte === WILL || byte === WONT || byte === DO || byte === DONT) {
      this.#verb = byte
      this.#state = VERB
    } else {
      this.#state = DATA
      // A stray SE ends nothing.
      if (byte !== SE) this.#events.command(byte)
    }
  }

  #begin(option: number): void {
    this.#state = BODY
    this.#option = option
    this.#onWire = 0
  }

  #append(byte: number): void {
    if (this.#onWire > this.#limit) {
      this.#body = undefined
      return
    }
    this.#body ??= new ByteBuffer()
    this.#body.push(byte)
  }

  #bodyCommand(byte: number): void {
    this.#onWire += 1
    this.#state = BODY
    if (byte === IAC) {
      this.#append(byte)
      return
    }
    const body = this.#body?.bytes ?? NO_BODY
    this.#body = undefined
    if (byte !== SE) {
      // RFC 855 leaves this open. Whoever sends a command inside a subnegotiation has given that up.
      this.#command(byte)
      return
    }
    this.#state = DATA
    // Its own two bytes at the end do not count.
    if (this.#onWire - 2 <= this.#limit) this.#events.subnegotiation(this.#option, body)
  }
}
