/** What the page shows of its connection. */
export type State =
  | { readonly is: 'connecting' }
  | { readonly is: 'connected' }
  /** It will be tried again by itself. */
  | { readonly is: 'waiting'; readonly text: string; readonly seconds: number }
  /** It was ended on purpose: the player says when to try again. */
  | { readonly is: 'ended'; readonly text: string }

export interface ConnectionEvents {
  text(text: string): void
  state(state: State): void
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 15_000

/** RFC 6455, section 7.4.1. */
const NORMAL = 1000
const POLICY = 1008
const TOO_BIG = 1009

/** The connection to the world. It comes back by itself, unless it was ended on purpose. */
export class Connection {
  readonly #url: string
  readonly #events: ConnectionEvents
  #socket: WebSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #waitMs = FIRST_WAIT_MS

  constructor(url: string, events: ConnectionEvents) {
    this.#url = url
    this.#events = events
  }

  /** Connects now, whatever was planned. */
  connect(): void {
    clearTimeout(this.#timer)
    this.#events.state({ is: 'connecting' })
    const socket = new WebSocket(this.#url)
    this.#socket = socket
    socket.addEventListener('open', () => {
      this.#waitMs = FIRST_WAIT_MS
      this.#events.state({ is: 'connected' })
    })
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') this.#events.text(data)
    })
    socket.addEventListener('close', ({ code, reason }) => this.#closed(code, reason))
  }

  /** Sends a line. False: there is no connection. */
  send(line: string): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(line)
    return true
  }

  #closed(code: number, reason: string): void {
    if (code === NORMAL || code === POLICY || code === TOO_BIG) {
      this.#events.state({ is: 'ended', text: reason || 'The connection has ended.' })
      return
    }
    // Not everybody is to come back in the same moment.
    const waitMs = this.#waitMs * (0.75 + Math.random() / 2)
    this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2)
    this.#events.state({
      is: 'waiting',
      text: reason || 'The connection is lost.',
      seconds: Math.max(1, Math.round(waitMs / 1_000)),
    })
    this.#timer = setTimeout(() => this.connect(), waitMs)
  }
}
