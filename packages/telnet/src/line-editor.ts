import { ByteBuffer } from './byte-buffer.ts'
import { BS, CR, DEL, ESC, LF } from './protocol.ts'

/** Longer lines are given on as they are: core has a limit of its own, and says so. */
const LONGEST = 8 * 1024
const CTRL_U = 21
const TAB = 9
const decoder = new TextDecoder()

/**
 * Edits lines for a client that sends every key as it is typed (Windows telnet, PuTTY): BS and DEL take a character back,
 * Ctrl-U the line. What is typed is echoed, except while it is masked. Keys without a character, such as the arrows,
 * are ignored.
 */
export class LineEditor {
  /** What is typed is not shown. */
  masked = false
  readonly #echo: (text: string) => void
  readonly #deliver: (line: Uint8Array) => void
  readonly #line = new ByteBuffer()
  #escape: 'none' | 'begun' | 'sequence' = 'none'
  #afterCr = false

  constructor(echo: (text: string) => void, deliver: (line: Uint8Array) => void) {
    this.#echo = echo
    this.#deliver = deliver
  }

  /**
   * Takes what was typed, and gives on the lines that are complete, with their ends: one by one, since whoever gets a line
   * may mask the next.
   */
  push(typed: Uint8Array): void {
    const echoed: number[] = []
    for (const byte of typed) {
      const isSecond = this.#afterCr && byte === LF
      this.#afterCr = byte === CR
      if (isSecond) continue
      if (byte === CR || byte === LF) {
        echoed.push(CR, LF)
        this.#show(echoed)
        this.#giveOn(CR, LF)
      } else if (byte === BS || byte === DEL) {
        if (this.#line.length > 0) {
          this.#show(echoed)
          this.eraseCharacter()
        }
      } else if (byte === CTRL_U) {
        this.#show(echoed)
        this.eraseLine()
      } else if (this.#isText(byte)) {
        if (this.#line.length === LONGEST) this.#giveOn()
        this.#line.push(byte)
        echoed.push(byte)
      }
    }
    this.#show(echoed)
  }

  /** EC: the last character goes. */
  eraseCharacter(): void {
    if (this.#line.length === 0) return
    while (this.#line.length > 1 && isContinuation(this.#line.last)) this.#line.pop()
    this.#line.pop()
    if (!this.masked) this.#echo('\b \b')
  }

  /** EL: the line goes. */
  eraseLine(): void {
    while (this.#line.length > 0) this.eraseCharacter()
  }

  /** Nothing follows: what was typed last, and has no end. */
  end(typed: Uint8Array): void {
    this.push(typed)
    if (this.#line.length > 0) this.#giveOn()
  }

  /** Characters, and not what makes an escape sequence (`ESC [ … letter`, `ESC O letter`) or another control. */
  #isText(byte: number): boolean {
    if (byte === ESC) this.#escape = 'begun'
    else if (this.#escape === 'begun') this.#escape = byte === 0x5b || byte === 0x4f ? 'sequence' : 'none'
    else if (this.#escape === 'sequence') {
      if (byte >= 0x40) this.#escape = 'none'
    } else return byte >= 0x20 || byte === TAB
    return false
  }

  #giveOn(...lineEnd: readonly number[]): void {
    const line = Uint8Array.of(...this.#line.bytes, ...lineEnd)
    this.#line.clear()
    this.#deliver(line)
  }

  /** Shows what has been typed since the last time. */
  #show(typed: number[]): void {
    const bytes = typed.splice(0)
    if (!this.masked && bytes.length > 0) this.#echo(decoder.decode(Uint8Array.from(bytes)))
  }
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80
}
