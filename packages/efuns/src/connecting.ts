import { type Place, parsePlace, placeBehind } from './addresses.ts'
import type { Callback } from './callback.ts'
import type { Caller } from './caller.ts'
import { hangUp } from './closing.ts'
import {
  EEALREADY,
  EEBADADDR,
  EEISCONN,
  EEISLISTEN,
  EEMODENOTSUPP,
  EESECURITY,
  EESOCKRLSD,
  EESUCCESS,
} from './codes.ts'
import type { Descriptor } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'
import { EFUN_LIMITS, giveUpPlace, orRefusal } from './opening.ts'
import { connectingTransport } from './reading-transport.ts'
import { StreamReceiver } from './receivers.ts'

/** As long as core allows; MudOS waits for as long as the system does. */
const DEADLINE_MS = 60_000

/** `socket_connect`. The write callback says when it is connected, the close callback that it could not be. */
export function connect(
  context: EfunContext,
  caller: Caller,
  fd: number,
  address: string,
  read: Callback,
  write: Callback,
): number {
  if (!context.allows(caller, 'connect', fd, placeAskedFor(context, fd, address))) return EESECURITY
  const descriptor = context.own(caller, fd)
  if (typeof descriptor === 'number') return descriptor
  const { mode, state } = descriptor
  if (mode.carrier === 'datagram') return EEMODENOTSUPP
  if (state === 'LISTEN') return EEISLISTEN
  if (state !== 'UNBOUND' && state !== 'BOUND') return EEISCONN
  if (descriptor.opening) return EEALREADY
  const to = parsePlace(address)
  if (!to) return EEBADADDR
  // What is on offer is the socket that would have to make way.
  if (descriptor.offer?.state === 'open') return EESOCKRLSD
  return orRefusal(() => {
    startConnecting(context, descriptor, to)
    descriptor.read = read
    descriptor.write = write
    return EESUCCESS
  })
}

function startConnecting(context: EfunContext, descriptor: Descriptor, to: Place): void {
  const { mode, owner, local: from, tls: options } = descriptor
  const { stream, tls } = context.settings.transports
  const check = { verifyPeer: options?.verifyPeer ?? false, serverName: options?.serverName }
  const transport = mode.carrier === 'tls' ? tls.connect(to, from, check) : stream.connect(to, from)
  if (from) giveUpPlace(context, descriptor)
  let local = from
  const reading = connectingTransport(context, mode, transport, (address) => {
    local ??= placeBehind(address)
  })
  const receiver = new StreamReceiver(context, descriptor)
  const socket = owner.owner.connect(reading, receiver, { ...EFUN_LIMITS, deadlineMs: DEADLINE_MS })
  hangUp(descriptor.endpoint)
  descriptor.endpoint = { kind: 'stream', socket }
  descriptor.local = local
  descriptor.remote = to
  descriptor.blocked = true
  descriptor.state = mode.carrier === 'tls' ? 'HANDSHAKE' : 'DATA_XFER'
}

/** What `validSocket` is shown: where it is connected to already, or where it is to go, as it was written. */
function placeAskedFor(context: EfunContext, fd: number, address: string): Place | undefined {
  if (!context.descriptors.has(fd) || context.descriptors.get(fd)?.remote) return undefined
  const space = address.indexOf(' ')
  if (space < 0) return { address: '', port: 0 }
  return { address: address.slice(0, space), port: Number.parseInt(address.slice(space + 1), 10) || 0 }
}
