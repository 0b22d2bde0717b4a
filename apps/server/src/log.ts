import type { EndpointInfo, Observer } from '@mudwire/core'
import { formatAddress } from '@mudwire/core'
import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

/** Logs go to standard error: readable on a terminal, one JSON object a line everywhere else. */
export function createLogger(): Logger {
  const stderr = 2
  const options = { base: null }
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: stderr, sync: true }))
  return pino(
    options,
    pretty({ destination: stderr, sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss' }),
  )
}

/** Writes down what happens to connections: who and when and how much, and never a word of what was said. */
export function logObserver(logger: Logger, now: () => number): Observer {
  return {
    opened: (endpoint) => {
      if (endpoint.kind === 'listener') logger.info({ ...facts(endpoint) }, 'listening')
    },
    accepted: (socket) => logger.info(facts(socket), 'connected'),
    refused: (remote, listener, { code }) =>
      logger.warn({ transport: listener.transport, remote: formatAddress(remote), code }, 'refused'),
    acceptFailed: (listener, error) =>
      logger.warn(
        { transport: listener.transport, reason: error.message },
        'a connection could not be accepted',
      ),
    acquired: (socket, from, to) =>
      logger.info({ id: socket.id, from: from?.name, to: to.name }, 'handed over'),
    declined: (socket, from, to, { code, reason }) =>
      logger.warn({ id: socket.id, from: from?.name, to: to.name, code, reason }, 'declined'),
    closed: (endpoint, { by, kind, code, unread, unsent }) =>
      logger.info(
        {
          ...facts(endpoint),
          ...(endpoint.kind === 'stream' && endpoint.position),
          seconds: Math.round((now() - endpoint.since) / 1_000),
          by,
          kind,
          code,
          unread,
          unsent,
        },
        endpoint.kind === 'listener' ? 'no longer listening' : 'closed',
      ),
    error: ({ error, owner, socket, handler }) =>
      logger.error({ err: error, owner: owner?.name, id: socket?.id, handler }, 'a handler threw'),
  }
}

function facts({ id, transport, local, remote, owner, kind }: EndpointInfo): object {
  const address = kind === 'listener' ? local : remote
  return { id, transport, address: address && formatAddress(address), owner: owner?.name }
}
