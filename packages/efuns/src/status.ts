import { formatPlace, formatStatusPlace, NOWHERE } from './addresses.ts'
import type { Descriptor } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'

/**
 * What `socket_status` says of one socket: its number (MudOS has the system's here), -1 if it is closed; state and mode;
 * the local and the remote address, `ip.port`; and its owner.
 */
export type SocketStatus = readonly [
  number: number,
  state: string,
  mode: string,
  local: string,
  remote: string,
  owner: object | undefined,
]

const CLOSED: SocketStatus = Object.freeze([-1, 'CLOSED', 'MUD', '', '', undefined])

/** `socket_status(fd)`: 0 for a number that there has never been. */
export function status(context: EfunContext, fd: number): SocketStatus | 0 {
  const descriptor = context.descriptors.get(fd)
  if (descriptor) return statusOf(descriptor)
  return context.descriptors.has(fd) ? CLOSED : 0
}

/** `socket_status()`: all that are not closed. */
export function statusOfAll(context: EfunContext): readonly SocketStatus[] {
  return context.descriptors.all().map(statusOf)
}

function statusOf({ number, state, mode, local, remote, owner }: Descriptor): SocketStatus {
  const object = owner.owner.destroyed ? undefined : owner.object
  return [number, state, mode.name, formatStatusPlace(local), formatStatusPlace(remote), object]
}

/** `socket_address`: the peer's, or the local one; `0.0.0.0 0` where there is none, ` 0` where there is no socket. */
export function address(context: EfunContext, fd: number, isLocal: boolean): string {
  if (!context.descriptors.has(fd)) return ' 0'
  const descriptor = context.descriptors.get(fd)
  return formatPlace((isLocal ? descriptor?.local : descriptor?.remote) ?? NOWHERE)
}
