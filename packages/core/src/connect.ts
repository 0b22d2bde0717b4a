import type { Address } from './address.ts'
import { type Attempt, attempt } from './attempt.ts'
import { DatagramEndpoint } from './datagram-endpoint.ts'
import type { BindOptions, DatagramSocket } from './datagram-socket.ts'
import type { Endpoint } from './endpoint.ts'
import { type ErrorCode, SocketError } from './errors.ts'
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

  const endpoint = new StreamEndpoint(owner.context, transport.name, limits)
  const handle = endpoint.transfer(owner, handlers, undefined) as Socket
  open<Link, Address>(endpoint, {
    doing: 'Connecting',
    fallback: 'EECONNECT',
    closeCode: 'connect-failed',
    deadlineMs,
    signal: options.signal,
    start: (signal) => start.call(transport, { signal }),
    result: (link) => link.local,
    discard: (link) => link.abort(),
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

  const endpoint = new ListenerEndpoint(owner.context, transport.name, limits)
  const handle = endpoint.transfer(owner, handlers, undefined) as Listener
  open<Listening, readonly Address[]>(endpoint, {
    doing: 'Listening',
    fallback: 'EEBIND',
    closeCode: 'listen-failed',
    signal: options.signal,
    start: (signal) => start.call(transport, endpoint, { signal }),
    result: (listening) => listening.addresses,
    discard: (listening) => listening.close(),
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

  const endpoint = new DatagramEndpoint(owner.context, transport.name, limits)
  const handle = endpoint.transfer(owner, handlers, undefined) as DatagramSocket
  open<DatagramLink, Address>(endpoint, {
    doing: 'Binding',
    fallback: 'EEBIND',
    closeCode: 'bind-failed',
    signal: options.signal,
    start: (signal) => start.call(transport, { signal }),
    result: (link) => link.local,
    discard: (link) => link.close(),
  })
  return handle
}

/** An endpoint that takes time to open. */
interface Opening<Raw, Result> extends Endpoint {
  attempt: Attempt<Result> | undefined
  opened(raw: Raw): void
}

/** What is different for the three kinds. */
interface OpeningPlan<Raw, Result> {
  /** For messages: `Connecting`. */
  readonly doing: string
  /** The code of an error that says no better one. */
  readonly fallback: ErrorCode
  /** Why it is closed when it could not be opened. */
  readonly closeCode: string
  readonly deadlineMs?: number | undefined
  readonly signal: AbortSignal | undefined
  start(signal: AbortSignal): Promise<Raw>
  /** What `opened` of the handle resolves with. */
  result(raw: Raw): Result
  /** It was opened when nobody wanted it any more. */
  discard(raw: Raw): void
}

/** Opens an endpoint in its own time, and tells observers what came of it. */
function open<Raw, Result>(endpoint: Opening<Raw, Result>, plan: OpeningPlan<Raw, Result>): void {
  const { context } = endpoint
  endpoint.attempt = attempt<Raw, Result>({
    clock: context.clock,
    doing: `${plan.doing} over ${endpoint.transport}`,
    fallback: plan.fallback,
    deadlineMs: plan.deadlineMs,
    signal: plan.signal,
    start: (signal) => plan.start(signal),
    opened(raw) {
      endpoint.attempt = undefined
      endpoint.opened(raw)
      if (context.observing) context.tell('opened', endpoint.info)
      return plan.result(raw)
    },
    failed(error) {
      if (context.observing) context.tell('failed', endpoint.info, error)
      endpoint.fail({ by: 'transport', kind: 'error', code: plan.closeCode, text: error.message, error })
    },
    tooLate: (raw) => plan.discard(raw),
  })
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
