import { broadcast, type Clock, type Socket, type Writer } from '@mudwire/core'
import { type Terminal, terminal } from '@mudwire/telnet'
import { render } from '@mudwire/text'
import { EOL } from './text.ts'

const PROMPT = '> '

/** What a screen calls. */
export interface ScreenEvents {
  /** All of this turn has been shown; the prompt follows. */
  turnOver(): void
}

/** What a player sees: markup as their terminal can show it, and a prompt behind what was shown in a turn. */
export class Screen {
  /** The player wants prompts. */
  hasPrompts = true
  readonly #socket: Socket
  readonly #defer: Clock['defer']
  readonly #events: ScreenEvents
  /** A prompt stands at the end, and its line is not over. */
  #isPrompting = false
  #isPlanned = false

  constructor(socket: Socket, clock: Pick<Clock, 'defer'>, events: ScreenEvents) {
    this.#socket = socket
    this.#defer = clock.defer
    this.#events = events
  }

  get terminal(): Terminal {
    return terminal(this.#socket)
  }

  get writer(): Writer {
    return this.#socket.writer
  }

  show(markup: string): void {
    this.#socket.write(this.prepare(markup))
  }

  /** The player has typed a line: what comes next begins on a new one. */
  lineEnded(): void {
    this.#isPrompting = false
    this.#plan()
  }

  /** What has to be written for this text to stand on lines of its own. `rendered` keeps what it looks like, for others. */
  prepare(markup: string, rendered: Map<string, string> = new Map()): string {
    const { colours, utf8, screenReader, settled, size } = this.terminal
    // A browser, of which nothing is known, may well be listened to; words do for those who see it, too.
    const view = { colours, utf8, screenReader: screenReader || !settled, columns: size?.columns }
    const key = JSON.stringify(view)
    const text = rendered.get(key) ?? render(markup, view).replaceAll('\n', EOL)
    rendered.set(key, text)
    const before = this.#isPrompting ? EOL : ''
    this.#isPrompting = false
    this.#plan()
    return `${before}${text}${EOL}`
  }

  #plan(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    this.#defer(() => {
      this.#isPlanned = false
      this.#events.turnOver()
      this.#prompt()
    })
  }

  /**
   * A screen reader would read it out every time. A terminal that nobody knows has no need of it: it is a browser, with an
   * input line of its own, or has only just connected.
   */
  #prompt(): void {
    const { settled, screenReader } = this.terminal
    if (!this.hasPrompts || !settled || screenReader || this.#isPrompting) return
    this.#isPrompting = true
    this.#socket.write(PROMPT)
    this.#socket.signal('prompt', undefined)
  }
}

/** Shows the same to many. What looks the same is rendered once, and encoded once. */
export function showAll(screens: Iterable<Screen>, markup: string): void {
  const rendered = new Map<string, string>()
  const writers = new Map<string, Writer[]>()
  for (const screen of screens) {
    const text = screen.prepare(markup, rendered)
    const others = writers.get(text)
    if (others) others.push(screen.writer)
    else writers.set(text, [screen.writer])
  }
  for (const [text, readers] of writers) broadcast(readers, text)
}
