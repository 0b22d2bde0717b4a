import type { Address } from './address.ts'
import { attempt } from './attempt.ts'
import { DatagramEndpoint } from './datagram-endpoint.ts'
import type { BindOptions, DatagramSocket } from './datagram-socket.ts'
import type { Endpoint } from './endpoint.ts'
import { SocketError } from './errors.ts'
import {
  type DatagramHandlers,
  type ListenerHandlers,
  modeOf,
  requireDatagramHandlers,
  requireListenerHandlers,
  type SocketHandlers,
} from './handlers.ts'
import type { Listener, ListenOptions } from './listener.ts'
import { ListenerEndpoint } from './listener-endpoint.ts'
import {
  DEFAULT_DATAGRAM_LIMITS,
  DEFAULT_LIMITS,
  requireSize,
  type SocketOptions,
  withDatagramOptions,
  withOptions,
} from './options.ts'
import type { OwnerCore } from './owner-core.ts'
import type { PolicyRequest } from './policy.ts'
import { requireDeadline } from './release.ts'
import type { Socket } from './socket.ts'
import { StreamEndpoint } from './stream-endpoint.ts'
import type { DatagramLink, Link, Listening, Transport } from './transport.ts'

const QUEUE_LIMIT = 128
const CONNECT_DEADLINE_MS = 30_000

export interface ConnectOptions extends SocketOptions {
  /** How long the connection may take to be made. Default 30,000 ms, at most 60,000; Infinity sets no bound. */
  readonly deadlineMs?: number
  /** Stops an attempt that is still under way. */
  readonly signal?: AbortSignal
}

/** Starts connecting, and returns the owner's handle at once. */
export function connect(
  owner: OwnerCore,
  transport: Transport,
  handlers: SocketHandlers | undefined,
  options: ConnectOptions,
): Socket {
  const start = requireAbility(transport, 'connect')
  if (handlers) modeOf(handlers)
  const limits = withOptions(DEFAULT_LIMITS, options)
  const isUnbounded = options.deadlineMs === Number.POSITIVE_INFINITY
  const deadlineMs = isUnbounded ? undefined : requireDeadline(options.deadlineMs, CONNECT_DEADLINE_MS)
  requireAllowed('connect', 'stream', owner, transport)

  const { context } = owner
  const endpoint = new StreamEndpoint(context, transport.name, limits)
  const handle = endpoint.transfer(owner, handlers, undefined) as Socket
  endpoint.attempt = attempt<Link, Address>({
    clock: context.clock,
    doing: `Connecting over ${transport.name}`,
    fallback: 'EECONNECT',
    ...(deadlineMs !== undefined && { deadlineMs }),
    signal: options.signal,
    start: (signal) => start.call(transport, { signal }),
    opened(link) {
      endpoint.attempt = undefined
      endpoint.opened(link)
      if (context.observing) context.tell('opened', endpoint.info)
      return link.local
    },
    failed: (error) => couldNotOpen(endpoint, 'connect-failed', error),
    tooLate: (link) => link.abort(),
  })
  return handle
}

/** Starts listening, and returns the owner's handle at once. */
export function listen(
  owner: OwnerCore,
  transport: Transport,
  handlers: ListenerHandlers | undefined,
  options: ListenOptions,
): Listener {
  const start = requireAbility(transport, 'listen')
  if (handlers) requireListenerHandlers(handlers)
  const { queueLimit = QUEUE_LIMIT } = options
  requireSize('queueLimit', queueLimit)
  const limits = {
    acceptDeadlineMs: requireDeadline(options.acceptDeadlineMs),
    queueLimit,
    socket: withOptions(DEFAULT_LIMITS, options),
  }
  requireAllowed('listen', 'listener', owner, transport)

  const { context } = owner
  const endpoint = new ListenerEndpoint(context, transport.name, limits)
  const handle = endpoint.transfer(owner, handlers, undefined) as Listener
  endpoint.attempt = attempt<Listening, readonly Address[]>({
    clock: context.clock,
    doing: `Listening over ${transport.name}`,
    fallback: 'EEBIND',
    signal: options.signal,
    start: (signal) => start.call(transport, endpoint, { signal }),
    opened(listening) {
      endpoint.attempt = undefined
      endpoint.opened(listening)
      return listening.addresses
    },
    failed: (error) => couldNotOpen(endpoint, 'listen-failed', error),
    tooLate: (listening) => listening.close(),
  })
  return handle
}

/** Starts binding a datagram socket, and returns the owner's handle at once. */
export function bind(
  owner: OwnerCore,
  transport: Transport,
  handlers: DatagramHandlers | undefined,
  options: BindOptions,
): DatagramSocket {
  const start = requireAbility(transport, 'bind')
  if (handlers) requireDatagramHandlers(handlers)
  const limits = withDatagramOptions(DEFAULT_DATAGRAM_LIMITS, options)
  requireAllowed('bind', 'datagram', owner, transport)

  const { context } = owner
  const endpoint = new DatagramEndpoint(context, transport.name, limits)
  const handle = endpoint.transfer(owner, handlers, undefined) as DatagramSocket
  endpoint.attempt = attempt<DatagramLink, Address>({
    clock: context.clock,
    doing: `Binding over ${transport.name}`,
    fallback: 'EEBIND',
    signal: options.signal,
    start: (signal) => start.call(transport, { signal }),
    opened(link) {
      endpoint.attempt = undefined
      endpoint.opened(link)
      if (context.observing) context.tell('opened', endpoint.info)
      return link.local
    },
    failed: (error) => couldNotOpen(endpoint, 'bind-failed', error),
    tooLate: (link) => link.close(),
  })
  return handle
}

function couldNotOpen(endpoint: Endpoint, code: string, error: SocketError): void {
  const { context } = endpoint
  if (context.observing) context.tell('failed', endpoint.info, error)
  endpoint.fail({ by: 'transport', kind: 'error', code, text: error.message, error })
}

type Ability = 'connect' | 'listen' | 'bind'

function requireAbility<Name extends Ability>(
  transport: Transport,
  name: Name,
): NonNullable<Transport[Name]> {
  const ability = transport[name]
  if (ability) return ability as NonNullable<Transport[Name]>
  throw new SocketError('EEMODENOTSUPP', `The transport '${transport.name}' cannot ${name}.`)
}

function requireAllowed(
  operation: Ability,
  kind: PolicyRequest['kind'],
  owner: OwnerCore,
  transport: Transport,
): void {
  const { context } = owner
  context.turns.assertUnguarded()
  if (owner.destroyed) {
    throw new SocketError('EESECURITY', `The owner '${owner.name}' is destroyed and cannot ${operation}.`)
  }
  const request: PolicyRequest = {
    operation,
    owner: owner.ref,
    target: undefined,
    kind,
    transport: transport.name,
    local: undefined,
    remote: undefined,
  }
  if (context.allows(request)) return
  throw new SocketError(
    'EESECURITY',
    `The policy does not let owner '${owner.name}' ${operation} over ${transport.name}.`,
  )
}
