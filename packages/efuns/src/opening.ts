import { SocketError, type SocketOptions } from '@mudwire/core'
import { type Place, parsePlace, placeBehind, placeOf } from './addresses.ts'
import { Arrivals } from './arrivals.ts'
import type { Callback } from './callback.ts'
import type { Caller } from './caller.ts'
import { hangUp } from './closing.ts'
import {
  EEADDRINUSE,
  EEALREADY,
  EEBADADDR,
  EEBADF,
  EEBIND,
  EEISBOUND,
  EEISCONN,
  EELISTEN,
  EEMODENOTSUPP,
  EENOADDR,
  EESECURITY,
  EESUCCESS,
} from './codes.ts'
import { Descriptor, type Endpoint } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'
import { modeOf } from './modes.ts'
import { listeningTransport } from './reading-transport.ts'
import { DatagramReceiver, ListenerReceiver, StreamReceiver } from './receivers.ts'
import { UNBOUND } from './unbound.ts'

/**
 * Core's limits for the efuns: everything is written through, so that what is unsent is known at once; and nobody is cut
 * off for reading slowly, because only one write is ever taken at a time.
 */
export const EFUN_LIMITS: SocketOptions = Object.freeze({
  gather: false,
  softLimit: 1,
  hardLimit: Number.POSITIVE_INFINITY,
})

/** `socket_create`. */
export function create(
  context: EfunContext,
  caller: Caller,
  modeNumber: number,
  read: Callback,
  close: Callback | undefined,
): number {
  if (!context.allows(caller, 'create', -1, CREATED)) return EESECURITY
  const mode = modeOf(modeNumber)
  if (!mode) return EEMODENOTSUPP
  return orRefusal(() => {
    const socket = caller.owner.connect(UNBOUND, undefined, { deadlineMs: Number.POSITIVE_INFINITY })
    const descriptor = context.descriptors.add(
      (number) => new Descriptor(number, mode, caller, 'UNBOUND', { kind: 'stream', socket }),
    )
    socket.handle(new StreamReceiver(context, descriptor))
    descriptor.read = read
    if (mode.carrier !== 'datagram') descriptor.close = close
    return descriptor.number
  })
}

/** What MudOS shows `valid_socket` in the place of an address. */
const CREATED: Place = Object.freeze({ address: 'N/A', port: -1 })

/** `socket_bind`. */
export function bind(
  context: EfunContext,
  caller: Caller,
  fd: number,
  port: number,
  address: string | undefined,
): number | Promise<number> {
  if (!context.allows(caller, 'bind', fd)) return EESECURITY
  const descriptor = context.own(caller, fd)
  if (typeof descriptor === 'number') return descriptor
  if (descriptor.state !== 'UNBOUND') return EEISBOUND
  if (descriptor.opening) return EEALREADY
  const place = address === undefined ? placeOf(context.settings.host, port) : parsePlace(address)
  if (!place) return EEBADADDR
  return orRefusal(() => {
    const endpoint = bound(context, descriptor, place)
    return open(descriptor, endpoint, EEBIND, () => {
      descriptor.local = localOf(endpoint)
      descriptor.state = 'BOUND'
    })
  })
}

/** `socket_listen`. */
export function listen(
  context: EfunContext,
  caller: Caller,
  fd: number,
  callback: Callback,
): number | Promise<number> {
  if (!context.allows(caller, 'listen', fd)) return EESECURITY
  const now = (): number | Promise<number> => listenNow(context, caller, fd, callback)
  const descriptor = context.own(caller, fd)
  // LPC need not wait for a bind, and what was LPC need not either.
  return typeof descriptor !== 'number' && descriptor.opening ? descriptor.opening.result.then(now) : now()
}

function listenNow(
  context: EfunContext,
  caller: Caller,
  fd: number,
  callback: Callback,
): number | Promise<number> {
  const descriptor = context.own(caller, fd)
  if (typeof descriptor === 'number') return descriptor
  if (descriptor.mode.carrier === 'datagram') return EEMODENOTSUPP
  if (descriptor.state === 'UNBOUND') return EENOADDR
  if (descriptor.state !== 'BOUND') return EEISCONN
  const start = (): void => {
    descriptor.read = callback
    descriptor.state = 'LISTEN'
    descriptor.arrivals?.arrived()
  }
  if (descriptor.mode.carrier === 'tls') return listenSecurely(context, descriptor, start)
  start()
  return EESUCCESS
}

/** With the certificate, which could wait until now, what really listens takes the place of what held the port. */
function listenSecurely(
  context: EfunContext,
  descriptor: Descriptor,
  start: () => void,
): number | Promise<number> {
  const { local, tls } = descriptor
  if (!local || tls?.certFile === undefined || tls.keyFile === undefined) return EELISTEN
  const transport = context.settings.transports.tls.listen(local, {
    certFile: tls.certFile,
    keyFile: tls.keyFile,
  })
  return orRefusal(() => {
    giveUpPlace(context, descriptor)
    const endpoint = listenOver(context, descriptor, transport)
    return open(descriptor, endpoint, EELISTEN, () => {
      descriptor.local = localOf(endpoint)
      start()
    })
  })
}

/** Waits until a socket of core's is open; then it takes the place of the one under the descriptor. */
function open(
  descriptor: Descriptor,
  endpoint: Endpoint,
  failed: number,
  opened: () => void,
): Promise<number> {
  const caller = descriptor.owner
  const run = async (): Promise<number> => {
    const error = await whenOpen(endpoint)
    descriptor.opening = undefined
    if (!descriptor.isLive || descriptor.owner !== caller) {
      hangUp(endpoint)
      return descriptor.isLive ? EESECURITY : EEBADF
    }
    if (error) return error.code === 'EEADDRINUSE' ? EEADDRINUSE : failed
    hangUp(descriptor.endpoint)
    descriptor.endpoint = endpoint
    opened()
    return EESUCCESS
  }
  const result = run()
  descriptor.opening = { socket: endpoint.socket, result }
  return result
}

function whenOpen({ socket }: Endpoint): Promise<SocketError | undefined> {
  const opened: Promise<unknown> = socket.opened
  return opened.then(
    () => undefined,
    (error: SocketError) => error,
  )
}

function bound(context: EfunContext, descriptor: Descriptor, place: Place): Endpoint {
  const { stream, tls, datagram } = context.settings.transports
  switch (descriptor.mode.carrier) {
    case 'stream':
      return listenOver(context, descriptor, stream.listen(place))
    case 'tls':
      return listenOver(context, descriptor, tls.reserve(place))
    case 'datagram': {
      const receiver = new DatagramReceiver(context, descriptor)
      return { kind: 'datagram', socket: descriptor.owner.owner.bind(datagram.bind(place), receiver) }
    }
  }
}

function listenOver(
  context: EfunContext,
  descriptor: Descriptor,
  transport: Parameters<typeof listeningTransport>[2],
): Endpoint {
  descriptor.arrivals ??= new Arrivals(context, descriptor)
  const reading = listeningTransport(context, descriptor.mode, transport, descriptor.arrivals.arrived)
  const receiver = new ListenerReceiver(context, descriptor)
  return { kind: 'listener', socket: descriptor.owner.owner.listen(reading, receiver, EFUN_LIMITS) }
}

/** The socket is bound to nothing any more, because what is to come needs its port. */
export function giveUpPlace(context: EfunContext, descriptor: Descriptor): void {
  const receiver = new StreamReceiver(context, descriptor)
  const socket = descriptor.owner.owner.connect(UNBOUND, receiver, { deadlineMs: Number.POSITIVE_INFINITY })
  hangUp(descriptor.endpoint)
  descriptor.endpoint = { kind: 'stream', socket }
  descriptor.local = undefined
  descriptor.state = 'UNBOUND'
}

function localOf({ kind, socket }: Endpoint): Place | undefined {
  const address = kind === 'listener' ? socket.addresses[0] : socket.local
  return address && placeBehind(address)
}

/** Runs it; where core says no, which it does by throwing, MudOS has a code. */
export function orRefusal<Result>(act: () => Result): Result | number {
  try {
    return act()
  } catch (error) {
    if (error instanceof SocketError && error.code === 'EESECURITY') return EESECURITY
    if (error instanceof SocketError && error.code === 'EEMODENOTSUPP') return EEMODENOTSUPP
    throw error
  }
}
