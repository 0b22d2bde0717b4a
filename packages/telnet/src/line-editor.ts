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
  readonly #line = new ByteBuffer()
  #escape: 'none' | 'begun' | 'sequence' = 'none'
  #afterCr = false

  constructor(echo: (text: string) => void) {
    this.#echo = echo
  }

  /** Takes what was typed, and returns the lines that are complete, with their ends. */
  push(typed: Uint8Array): Uint8Array {
    const lines: number[] = []
    let echoed: number[] = []
    for (const byte of typed) {
      const isSecond = this.#afterCr && byte === LF
      this.#afterCr = byte === CR
      if (isSecond) continue
      if (byte === CR || byte === LF) {
        this.#take(lines)
        lines.push(CR, LF)
        echoed.push(CR, LF)
      } else if (byte === BS || byte === DEL) {
        if (this.#line.length > 0) {
          this.#show(echoed)
          echoed = []
          this.eraseCharacter()
        }
      } else if (byte === CTRL_U) {
        this.#show(echoed)
        echoed = []
        this.eraseLine()
      } else if (this.#isText(byte)) {
        if (this.#line.length === LONGEST) this.#take(lines)
        this.#line.push(byte)
        echoed.push(byte)
      }
    }
    this.#show(echoed)
    return Uint8Array.from(lines)
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
  end(typed: Uint8Array): Uint8Array {
    const rest = [...this.push(typed)]
    this.#take(rest)
    return Uint8Array.from(rest)
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

  #take(lines: number[]): void {
    for (const byte of this.#line.bytes) lines.push(byte)
    this.#line.clear()
  }

  #show(bytes: readonly number[]): void {
    if (!this.masked && bytes.length > 0) this.#echo(decoder.decode(Uint8Array.from(bytes)))
  }
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80
}
