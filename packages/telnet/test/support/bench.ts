import { createDriver, type Socket, type SocketHandlers } from '@mudwire/core'
import { type DrivenClock, drivenClock, type MemoryPeer, memory } from '@mudwire/core/memory'
import { onTestFinished } from 'vitest'
import { type TelnetOptions, type Terminal, telnet, terminal } from '../../src/index.ts'
import { plainOf } from './wire.ts'

/** A telnet connection whose other end a test moves byte by byte. */
export interface Connection {
  readonly clock: DrivenClock
  readonly peer: MemoryPeer
  readonly socket: Socket
  /** Lines and signals, in the order in which the owner was told of them. */
  readonly heard: unknown[]
  /** What has been sent since the last look, taken apart. */
  sent(): readonly string[]
  /** Sends bytes, and lets happen what follows. */
  say(...bytes: readonly (number | string)[]): void
}

export interface BenchOptions extends TelnetOptions {
  readonly handlers?: (heard: unknown[]) => SocketHandlers
  /** What the client sends before somebody owns the connection. */
  readonly early?: readonly (number | string)[]
}

/** A client connects to a server, over memory and with a driven clock. */
export async function connected({ handlers, early, ...options }: BenchOptions = {}): Promise<Connection> {
  const clock = drivenClock()
  const network = memory({ clock })
  const driver = createDriver(clock)
  onTestFinished(() => void driver.close({ deadlineMs: 0 }))
  const heard: unknown[] = []
  const sockets: Socket[] = []
  const wants = early === undefined
  const listener = driver.owner('server').listen(telnet(network, { clock, ...options }), {
    ...(wants && {
      accepted(offer) {
        const socket = offer.acquire(handlers?.(heard) ?? recording(heard))
        if (socket) sockets.push(socket)
      },
    }),
  })
  await listener.opened
  const peer = network.dial()
  clock.run()
  if (early) {
    peer.send(bytesOf(early))
    clock.run()
    const socket = listener.accept(handlers?.(heard) ?? recording(heard))
    if (socket) sockets.push(socket)
    clock.run()
  }
  const [socket] = sockets
  if (!socket) throw new Error('nobody took the connection')
  let seen = 0
  return {
    clock,
    peer,
    socket,
    heard,
    sent() {
      const bytes = peer.bytes.subarray(seen)
      seen += bytes.length
      return plainOf(bytes)
    },
    say(...bytes) {
      peer.send(bytesOf(bytes))
      clock.run()
    },
  }
}

/** Writes lines, signals and the close down. */
export function recording(heard: unknown[]): SocketHandlers {
  return {
    line: (text) => void heard.push(text),
    signal: ({ name, payload }) => void heard.push([name, payload]),
    close: (reason) => void heard.push(['close', reason.code]),
  }
}

/** What is known of a client when it has said nothing more for as long as it is waited for. */
export function settledAfter({ clock, socket }: Connection): Terminal {
  clock.advance(2_500)
  return terminal(socket)
}

/** What the owner was told, but for what is known of the terminal. */
export function textSignals({ heard }: Connection): readonly unknown[] {
  return heard.filter((item) => !(Array.isArray(item) && item[0] === 'terminal'))
}

/** A GMCP message, on the wire. */
export function message(text: string): readonly (number | string)[] {
  return [255, 250, 201, text, 255, 240]
}

/** Numbers are bytes, texts their UTF-8. */
function bytesOf(parts: readonly (number | string)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : [part])),
  )
}

/** Waits for the event loop until it is so, moving the clock's tasks on. */
export async function until(holds: () => boolean, clock?: DrivenClock): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => setImmediate(resolve))
    clock?.run()
  }
}
