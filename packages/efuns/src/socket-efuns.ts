import { isIP } from 'node:net'
import { type Clock, type Driver, systemClock } from '@mudwire/core'
import { Caller } from './caller.ts'
import { closeQuietly } from './closing.ts'
import { EfunContext, type ValidSocket } from './efun-context.ts'
import { type Efuns, efunsOf } from './efuns.ts'
import { DEFAULT_TRANSPORTS, type ModeTransports } from './mode-transports.ts'
import { MUD_BODY_LIMIT } from './mud-framing.ts'

/** What the efuns of a driver are given: MudOS's configuration, and what there was none of. */
export interface SocketEfunsOptions {
  /** MudOS's `valid_socket`. Default: everything is allowed. */
  readonly validSocket?: ValidSocket
  /** What carries the modes. Default: TCP, TLS and UDP. */
  readonly transports?: Partial<ModeTransports>
  /**
   * The IP address that `socket_bind` takes where it is given none, MudOS's `mud ip`. Default `127.0.0.1`: a socket reaches
   * this machine alone until it is told otherwise; `0.0.0.0` is every address.
   */
  readonly host?: string
  /** The longest body of a MUD-mode packet, MudOS's `maximum byte transfer`. Default 262,144 bytes. */
  readonly maxPacketBytes?: number
  /** Where later turns come from: the same clock as the driver's. Default: the environment's. */
  readonly clock?: Pick<Clock, 'defer' | 'schedule'>
}

/** MudOS's socket efuns over one driver. */
export interface SocketEfuns {
  /** The efuns as `object` calls them: it owns what it makes, and is called back. Any object will do. */
  as(object: object): Efuns
  /**
   * What `destruct` does to an object's sockets: they are closed behind what was written, and nobody is called back. The
   * object can own none from now on.
   */
  destruct(object: object): void
}

/**
 * Puts MudOS's socket efuns on a driver.
 *
 * ```ts
 * const efuns = createSocketEfuns(createDriver())
 * const io = efuns.as(object)
 * const fd = io.socket_create(STREAM, 'onRead', 'onClose')
 * await io.socket_bind(fd, 4000)
 * ```
 *
 * @throws TypeError for a host that is no IP address, and for a `maxPacketBytes` that is no whole number of at least 1.
 */
export function createSocketEfuns(driver: Driver, options: SocketEfunsOptions = {}): SocketEfuns {
  const { host = '127.0.0.1', maxPacketBytes = MUD_BODY_LIMIT } = options
  if (isIP(host) === 0) throw new TypeError(`host is an IP address, not ${String(host)}.`)
  if (!Number.isInteger(maxPacketBytes) || maxPacketBytes < 1) {
    throw new TypeError(`maxPacketBytes is a whole number of at least 1, not ${String(maxPacketBytes)}.`)
  }
  const context = new EfunContext({
    driver,
    validSocket: options.validSocket,
    transports: { ...DEFAULT_TRANSPORTS, ...options.transports },
    clock: options.clock ?? systemClock,
    host,
    maxPacketBytes,
  })
  return new SocketEfunsOfDriver(context)
}

class SocketEfunsOfDriver implements SocketEfuns {
  readonly #context: EfunContext
  readonly #callers = new WeakMap<object, Caller>()
  readonly #efuns = new WeakMap<object, Efuns>()

  constructor(context: EfunContext) {
    this.#context = context
  }

  as(object: object): Efuns {
    const existing = this.#efuns.get(object)
    if (existing) return existing
    const efuns = efunsOf(this.#context, this.#callerOf(object), this.#callerOf)
    this.#efuns.set(object, efuns)
    return efuns
  }

  destruct(object: object): void {
    const caller = this.#callerOf(object)
    for (const descriptor of caller.descriptors) closeQuietly(this.#context, descriptor)
    caller.owner.destroy()
  }

  readonly #callerOf = (object: object): Caller => {
    if (typeof object !== 'object' || object === null) {
      throw new TypeError('Who calls efuns is an object, as this_object() is.')
    }
    const existing = this.#callers.get(object)
    if (existing) return existing
    const caller = new Caller(this.#context.settings.driver, object)
    this.#callers.set(object, caller)
    return caller
  }
}
