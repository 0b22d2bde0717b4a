import { concatBytes } from '@mudwire/core/internal'
import { includesByte, indexOfByte, isPlain } from './byte-search.ts'
import { CR, DO, DONT, FIRST_COMMAND, IAC, NOP, NUL, SB, SE, type Verb, WILL, WONT } from './protocol.ts'

const NOTHING = new Uint8Array(0)

/** What a parser finds, in the order of the wire. */
export interface ParserEvents {
  /** Data, unescaped. It may be a part of the chunk that was pushed. `isAscii`: all of it is known to be ASCII. */
  content(bytes: Uint8Array, isAscii: boolean): void
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

/**
 * Tells data from commands (RFC 854, 855), in the place of the chunk it is given. However a stream is cut into chunks, what
 * it finds is the same.
 *
 * An IAC before what is no command is dropped, and what follows it is data: TCP's urgent byte is left out of the stream,
 * and clients send the DM of a Synch as that.
 *
 * A NUL behind a CR is dropped: `CR NUL` is how a lone CR travels. A subnegotiation that is longer than the limit, its
 * escapes counted, is passed over to its end and given to nobody. One that is broken off by another command is dropped,
 * and the command counts.
 */
export class Parser {
  readonly #events: ParserEvents
  readonly #limit: number
  readonly #dropsNul: boolean
  /** There only inside a subnegotiation. */
  #body: Body | undefined
  #state = DATA
  #afterCr = false
  #verb: Verb = WILL
  #option = 0
  #stopped = false
  /** The chunk; data that was found in it and not given on stands from `#start` to `#end`, moved together over what is none. */
  #chunk: Uint8Array = NOTHING
  #start = 0
  #end = 0

  /** `dropsNul`: every NUL is dropped, as RFC 854 has it for text. */
  constructor(events: ParserEvents, limit: number, dropsNul: boolean) {
    this.#events = events
    this.#limit = limit
    this.#dropsNul = dropsNul
  }

  /** Called from an event: the rest of the chunk is something else, and `push` returns where it begins. */
  stop(): void {
    this.#stopped = true
  }

  /** Takes a chunk, which is its own from now on. Returns how far it came. */
  push(chunk: Uint8Array): number {
    if (chunk.length === 0) return 0
    if (this.#state === DATA) {
      const isAscii = isPlain(chunk)
      if (isAscii || (!includesByte(chunk, IAC) && !includesByte(chunk, NUL))) {
        this.#afterCr = chunk[chunk.length - 1] === CR
        this.#events.content(chunk, isAscii)
        return chunk.length
      }
    }
    this.#stopped = false
    this.#chunk = chunk
    this.#start = 0
    this.#end = 0
    let at = 0
    while (at < chunk.length && !this.#stopped) {
      at = this.#state === DATA ? this.data(at) : this.#state === BODY ? this.inBody(at) : this.byte(at)
    }
    this.giveOn(at)
    this.#chunk = NOTHING
    return at
  }

  /** Data up to the next IAC. */
  private data(start: number): number {
    const chunk = this.#chunk
    let afterCr = this.#afterCr
    let end = this.#end
    let at = start
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] as number
      if (byte === IAC) break
      const isDropped = byte === NUL && (afterCr || this.#dropsNul)
      afterCr = byte === CR
      if (!isDropped) chunk[end++] = byte
    }
    this.#afterCr = afterCr
    this.#end = end
    if (at === chunk.length) return at
    this.#state = COMMAND
    return at + 1
  }

  /** Data that was found so far is given on, before something that comes behind it; what follows begins at `at`. */
  private giveOn(at: number): void {
    if (this.#end > this.#start) this.#events.content(this.#chunk.subarray(this.#start, this.#end), false)
    this.#start = at
    this.#end = at
  }

  private byte(at: number): number {
    const byte = this.#chunk[at] as number
    switch (this.#state) {
      case COMMAND:
        if (byte < FIRST_COMMAND) {
          this.#state = DATA
          return at
        }
        this.command(byte, at)
        break
      case VERB:
        this.#state = DATA
        this.giveOn(at + 1)
        this.#events.negotiation(this.#verb, byte)
        break
      case OPTION:
        this.#state = BODY
        this.#option = byte
        this.#body = new Body(this.#limit)
        break
      default:
        this.bodyCommand(byte, at)
    }
    return at + 1
  }

  private command(byte: number, at: number): void {
    if (byte === SB) this.#state = OPTION
    else if (byte === WILL || byte === WONT || byte === DO || byte === DONT) {
      this.#verb = byte
      this.#state = VERB
    } else {
      this.#state = DATA
      if (byte === IAC) {
        this.#afterCr = false
        this.#chunk[this.#end++] = byte
      } else if (byte === NOP) {
        // It means nothing, so it means nothing where it stands either.
        this.#events.command(byte)
      } else if (byte !== SE) {
        // A stray SE ends nothing.
        this.giveOn(at + 1)
        this.#events.command(byte)
      }
    }
  }

  private inBody(start: number): number {
    const end = indexOfByte(this.#chunk, IAC, start)
    this.#body?.append(this.#chunk.subarray(start, end < 0 ? undefined : end))
    if (end < 0) return this.#chunk.length
    this.#state = BODY_COMMAND
    return end + 1
  }

  private bodyCommand(byte: number, at: number): void {
    if (byte === IAC) {
      this.#state = BODY
      this.#body?.appendEscaped()
      return
    }
    const body = this.#body?.whole()
    this.#body = undefined
    if (byte !== SE) {
      // RFC 855 leaves this open. Whoever sends a command inside a subnegotiation has given that up.
      this.command(byte, at)
      return
    }
    this.#state = DATA
    if (!body) return
    this.giveOn(at + 1)
    this.#events.subnegotiation(this.#option, body)
  }
}

const LONE_IAC = Uint8Array.of(IAC)

/** What stands between SB and SE, as it comes. */
class Body {
  readonly #limit: number
  #parts: Uint8Array[] = []
  /** How many bytes of it have been on the wire, escapes counted. */
  #onWire = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  append(bytes: Uint8Array): void {
    this.#onWire += bytes.length
    // What is too long is not kept; it is given to nobody.
    if (this.#onWire > this.#limit) this.#parts = []
    else if (bytes.length > 0) this.#parts.push(bytes)
  }

  appendEscaped(): void {
    this.#onWire += 1
    this.append(LONE_IAC)
  }

  /** All of it; undefined where it was too long. */
  whole(): Uint8Array | undefined {
    const parts = this.#parts
    if (this.#onWire > this.#limit) return undefined
    return parts.length === 1 ? parts[0] : concatBytes(parts)
  }
}
