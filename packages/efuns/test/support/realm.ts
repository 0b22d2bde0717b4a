import { createDriver, type HandlerError } from '@mudwire/core'
import { type DrivenClock, drivenClock, type MemoryTransport, memory } from '@mudwire/core/memory'
import { createSocketEfuns, type Efuns, type SocketEfuns, type SocketEfunsOptions } from '../../src/index.ts'

/** Efuns over a network in memory, with a clock that the test moves. */
export interface Realm {
  readonly efuns: SocketEfuns
  readonly network: MemoryTransport
  readonly clock: DrivenClock
  /** What the driver's error hook was told. */
  readonly errors: HandlerError[]
}

export function makeRealm(options: SocketEfunsOptions = {}): Realm {
  const clock = drivenClock()
  const network = memory({ clock })
  const errors: HandlerError[] = []
  const driver = createDriver({ ...clock, onError: (event) => errors.push(event) })
  const efuns = createSocketEfuns(driver, {
    clock,
    transports: {
      stream: { listen: () => network, connect: () => network },
      datagram: { bind: () => network },
    },
    ...options,
  })
  return { efuns, network, clock, errors }
}

/** Lets promises that are settled be heard, and what they defer be run. */
export async function settle({ clock }: Pick<Realm, 'clock'>): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    clock.run()
  }
}

/** An object that writes down how its methods are called. */
export class Recorder {
  readonly calls: unknown[][] = []
  /** What a method does beside that. */
  readonly reactions: { [method: string]: (...args: never[]) => unknown } = {}

  onRead(...args: unknown[]): unknown {
    return this.#called('onRead', args)
  }
  onWrite(...args: unknown[]): unknown {
    return this.#called('onWrite', args)
  }
  onClose(...args: unknown[]): unknown {
    return this.#called('onClose', args)
  }
  onListen(...args: unknown[]): unknown {
    return this.#called('onListen', args)
  }
  onRelease(...args: unknown[]): unknown {
    return this.#called('onRelease', args)
  }
  _private(...args: unknown[]): unknown {
    return this.#called('_private', args)
  }

  #called(method: string, args: unknown[]): unknown {
    this.calls.push([method, ...args])
    return this.reactions[method]?.(...(args as never[]))
  }
}

/** A listener of an object, whose connections it accepts. */
export interface Served {
  readonly object: Recorder
  readonly io: Efuns
  readonly listener: number
  /** The descriptors of what it has accepted. */
  readonly accepted: number[]
}

export async function serve(realm: Realm, mode: number): Promise<Served> {
  const object = new Recorder()
  const io = realm.efuns.as(object)
  const accepted: number[] = []
  const listener = io.socket_create(mode, 'onRead', 'onClose')
  await io.socket_bind(listener, 4000)
  await io.socket_listen(listener, 'onListen')
  object.reactions.onListen = (fd: number) => {
    accepted.push(io.socket_accept(fd, 'onRead', 'onWrite'))
  }
  return { object, io, listener, accepted }
}

/** The state that `socket_status` shows. */
export function stateOf(io: Efuns, fd: number): string {
  const status = io.socket_status(fd)
  return status === 0 ? 'none' : status[1]
}
