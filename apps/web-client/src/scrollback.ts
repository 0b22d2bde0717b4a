/** A screen reader, and the browser, grow slow with more. */
const MOST_LINES = 2_000
/** Nearer to the end than this is at the end. */
const SLACK_PX = 40

/** Whatever a text still has of control characters means nothing here. */
const CONTROLS = /\p{Cc}/gu

/** The text of the game, line by line, in a live region that a screen reader reads as it comes. */
export class Scrollback {
  readonly #element: HTMLElement

  constructor(element: HTMLElement) {
    this.#element = element
  }

  /** Adds what the world says. The end of a message is the end of a line. */
  add(text: string): void {
    const lines = text.split(/\r\n|\n|\r/)
    if (lines[lines.length - 1] === '') lines.pop()
    this.#append(lines.map((line) => paragraph(line.replace(CONTROLS, ''))))
  }

  /** Adds what the player typed. They know what it was, so it is not read out. */
  addTyped(text: string): void {
    const line = paragraph(`> ${text}`)
    line.className = 'typed'
    line.setAttribute('aria-hidden', 'true')
    this.#append([line])
  }

  /** Scrolls by pages; the keys are taken in the input line, too. */
  page(direction: 1 | -1): void {
    this.#element.scrollBy({ top: direction * this.#element.clientHeight * 0.9 })
  }

  #append(lines: readonly HTMLElement[]): void {
    const element = this.#element
    // Who has scrolled back to read is not torn away from there.
    const follows = element.scrollHeight - element.scrollTop - element.clientHeight < SLACK_PX
    element.append(...lines)
    while (element.childElementCount > MOST_LINES) element.firstElementChild?.remove()
    if (follows) element.scrollTop = element.scrollHeight
  }
}

function paragraph(text: string): HTMLElement {
  const line = document.createElement('p')
  line.textContent = text
  return line
}
