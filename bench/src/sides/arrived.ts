/** Whoever waits longer than this for what was sent waits in vain. */
const PATIENCE_MS = 60_000

/** What has come out of a side: looked at once, and counted from then on. */
export class Arrived {
  #missing = 0
  #kept: (string | Uint8Array)[] | undefined
  #settle: (error?: Error) => void = () => {}

  /** Resolves when so much has come, in bytes or in characters of text. More or less than that is an error. */
  expect(length: number): Promise<void> {
    this.#missing = length
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => this.#settle(new Error(`${this.#missing} of ${length} did not come.`)),
        PATIENCE_MS,
      )
      this.#settle = (error) => {
        clearTimeout(late)
        if (error) reject(error)
        else resolve()
      }
    })
  }

  readonly came = (data: string | Uint8Array): void => {
    this.#kept?.push(data)
    this.#missing -= data.length
    if (this.#missing === 0) this.#settle()
    else if (this.#missing < 0) this.#settle(new Error(`${-this.#missing} more came than was sent.`))
  }

  /** Sends something once, and rejects unless what comes of it is right. A byte is written as one character. */
  async check(wanted: string, send: () => void | Promise<void>): Promise<void> {
    const kept: (string | Uint8Array)[] = []
    this.#kept = kept
    const all = this.expect(wanted.length)
    await send()
    await all
    this.#kept = undefined
    const text = kept
      .map((data) => (typeof data === 'string' ? data : Buffer.from(data).toString('latin1')))
      .join('')
    if (text !== wanted) throw new Error('What came is not what was sent.')
  }
}
