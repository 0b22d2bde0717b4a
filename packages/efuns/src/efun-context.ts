import type { Clock, Driver } from '@mudwire/core'
import { NOWHERE, type Place } from './addresses.ts'
import type { Caller } from './caller.ts'
import { EEBADF, EEFDRANGE, EESECURITY } from './codes.ts'
import type { Descriptor } from './descriptor.ts'
import { Descriptors } from './descriptors.ts'
import type { ModeTransports } from './mode-transports.ts'

/** What is asked of {@link ValidSocket}. */
export type SocketOperation =
  | 'create'
  | 'bind'
  | 'listen'
  | 'accept'
  | 'connect'
  | 'write'
  | 'close'
  | 'release'
  | 'acquire'

/**
 * MudOS's `valid_socket`: may this object do this? `fd` is -1 for `create`, and may be a number that no socket has; `owner`
 * is whose socket it is; `address` and `port` are the peer's, or for `connect` those to connect to, `0.0.0.0` and 0 where
 * there are none.
 */
export type ValidSocket = (
  caller: object,
  operation: SocketOperation,
  info: readonly [fd: number, owner: object | undefined, address: string, port: number],
) => boolean

/** What the efuns of one driver share. */
export interface EfunSettings {
  readonly driver: Driver
  readonly validSocket: ValidSocket | undefined
  readonly transports: ModeTransports
  readonly clock: Pick<Clock, 'defer' | 'schedule'>
  /** Where a socket is bound that is given no address. */
  readonly host: string
  readonly maxPacketBytes: number
}

export class EfunContext {
  readonly settings: EfunSettings
  readonly descriptors: Descriptors = new Descriptors()

  constructor(settings: EfunSettings) {
    this.settings = settings
  }

  /** Asks `validSocket`, before anything is checked. One that throws, or says anything but true, refuses. */
  allows(caller: Caller, operation: SocketOperation, fd: number, place: Place = this.#remoteOf(fd)): boolean {
    const { validSocket } = this.settings
    if (!validSocket) return true
    const descriptor = this.descriptors.get(fd)
    const owner = operation === 'create' ? caller : descriptor?.isLive ? descriptor.owner : undefined
    try {
      return validSocket(caller.object, operation, [fd, owner?.object, place.address, place.port]) === true
    } catch (error) {
      caller.report('validSocket', error)
      return false
    }
  }

  /** The descriptor with this number, if it is open and the caller's; or the code that says what is wrong. */
  own(caller: Caller, fd: number): Descriptor | number {
    const descriptor = this.open(fd)
    if (typeof descriptor === 'number' || descriptor.owner === caller) return descriptor
    return EESECURITY
  }

  /** The descriptor with this number, if it is open, whoever owns it. */
  open(fd: number): Descriptor | number {
    const descriptor = this.descriptors.get(fd)
    if (descriptor?.isLive) return descriptor
    return this.descriptors.has(fd) ? EEBADF : EEFDRANGE
  }

  #remoteOf(fd: number): Place {
    if (!this.descriptors.has(fd)) return NO_SOCKET
    return this.descriptors.get(fd)?.remote ?? NOWHERE
  }
}

const NO_SOCKET: Place = Object.freeze({ address: '', port: 0 })
