/** Counts lines, and tells when as many have come as there should be: a side that loses some never ends its round. */
export class LineCount {
  #missing = 0
  #done: () => void = () => {}

  expect(lines: number): Promise<void> {
    this.#missing = lines
    return new Promise((resolve) => {
      this.#done = resolve
    })
  }

  readonly came = (line: string): void => {
    if (line.length === 0) throw new Error('A line was lost.')
    this.#missing -= 1
    if (this.#missing === 0) this.#done()
  }
}
