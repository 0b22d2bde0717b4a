import {
  createDriver,
  type Driver,
  type DriverOptions,
  type HandlerError,
  type Listener,
  type Owner,
  type Socket,
  type SocketHandlers,
  type SocketOptions,
  type StreamOffer,
} from '../../src/index.ts'
import {
  type DrivenClock,
  drivenClock,
  type MemoryOptions,
  type MemoryPeer,
  type MemoryTransport,
  memory,
  type PeerOptions,
} from '../../src/memory/index.ts'

/** A driver, a network and a clock that a test moves. */
export interface Bench {
  readonly clock: DrivenClock
  readonly driver: Driver
  readonly network: MemoryTransport
  /** What the error hook was told. */
  readonly errors: HandlerError[]
}

export function setUp(options: MemoryOptions & DriverOptions = {}): Bench {
  const clock = drivenClock()
  const errors: HandlerError[] = []
  const driver = createDriver({ ...clock, onError: (event) => errors.push(event), ...options })
  return { clock, driver, network: memory({ clock, ...options }), errors }
}

/** Lets promises that are settled be heard, and what they defer be run. */
export async function settle(bench: Bench): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    bench.clock.run()
  }
}

/** A listener that gives each connection to `accepted`. */
export async function listenWith(
  bench: Bench,
  owner: Owner,
  accepted: (offer: StreamOffer<undefined>) => void | Promise<void>,
): Promise<Listener> {
  const listener = owner.listen(bench.network, { accepted })
  await listener.opened
  return listener
}

/** One open connection: the owner's socket and the far end. */
export interface Connection {
  readonly socket: Socket
  readonly peer: MemoryPeer
}

/** Makes open connections for any owner, through `connect`. */
export async function connected(
  bench: Bench,
  owner: Owner,
  handlers?: SocketHandlers,
  options?: SocketOptions,
  peerOptions?: PeerOptions,
): Promise<Connection> {
  const socket = owner.connect(bench.network, handlers, options)
  await settle(bench)
  const peer = bench.network.answer(peerOptions)
  await settle(bench)
  return { socket, peer }
}
