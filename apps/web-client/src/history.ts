/** More than anybody goes back through. */
const MOST = 100

/** The commands that were typed, and where among them the player is. */
export class History {
  readonly #lines: string[] = []
  /** `#lines.length` is the line that is being typed. */
  #at = 0
  #unfinished = ''

  add(line: string): void {
    if (line !== '' && line !== this.#lines[this.#lines.length - 1]) this.#lines.push(line)
    if (this.#lines.length > MOST) this.#lines.shift()
    this.#at = this.#lines.length
    this.#unfinished = ''
  }

  /** The command before; what is being typed is kept for the way back. */
  back(typed: string): string {
    if (this.#at === this.#lines.length) this.#unfinished = typed
    this.#at = Math.max(0, this.#at - 1)
    return this.#current()
  }

  /** The command after. */
  forward(typed: string): string {
    if (this.#at === this.#lines.length) return typed
    this.#at += 1
    return this.#current()
  }

  #current(): string {
    return this.#lines[this.#at] ?? this.#unfinished
  }
}
