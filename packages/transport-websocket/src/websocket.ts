import type { Transport } from '@mudwire/core'
import { wholeNumber } from '@mudwire/core/internal'
import type { CertificateSource } from '@mudwire/transport-tcp'
import { Certificates, handshakeSettings, withDefaults } from '@mudwire/transport-tcp/internal'
import { AttachedListening } from './attached-listening.ts'
import { connect } from './connecting.ts'
import { Liveness } from './liveness.ts'
import { listenOnPort, type PortSettings } from './port-listening.ts'
import {
  type AttachedOptions,
  type ClientOptions,
  linkSettings,
  type PortOptions,
  upgradeSettings,
} from './websocket-options.ts'

/** A transport that listens. */
export type WebSocketListener = Transport & Required<Pick<Transport, 'listen'>>

/** A transport that listens on a port of its own, and whose certificates can be changed meanwhile. */
export interface WebSocketPort extends WebSocketListener {
  /**
   * Reads the certificates of `wss` again, or others in their place; see `tls` of `@mudwire/transport-tcp`.
   *
   * @throws CertificateError for one that cannot be used: then nothing has changed.
   */
  reload(certificates?: readonly CertificateSource[]): Promise<void>
}

/** A transport that connects. */
export type WebSocketConnector = Transport & Required<Pick<Transport, 'connect'>>

/**
 * Makes a WebSocket transport: beside the pages of an HTTP or HTTPS server that listens, answers and is closed by
 * whoever owns it (its `headersTimeout` is the deadline for a half-finished upgrade); on a port of its own; or to
 * connect.
 *
 * ```ts
 * inetd.listen(webSocket({ server, path: '/ws' }), { accepted })
 * inetd.listen(webSocket({ port: 8081, certificates }), { accepted })
 * bot.connect(webSocket({ url: 'wss://play.example/ws' }), { line })
 * ```
 *
 * @throws TypeError for a path, a port, a number or a proxy that is none.
 */
export function webSocket(options: AttachedOptions): WebSocketListener
export function webSocket(options: PortOptions): WebSocketPort
export function webSocket(options: ClientOptions): WebSocketConnector
export function webSocket(options: AttachedOptions | PortOptions | ClientOptions): Transport {
  if ('server' in options) return attached(options)
  return 'url' in options ? connector(options) : port(options)
}

const NAME = 'websocket'

function attached(options: AttachedOptions): WebSocketListener {
  const settings = upgradeSettings(options)
  return {
    name: NAME,
    async listen(sink, { signal }) {
      signal?.throwIfAborted()
      return new AttachedListening(options.server, settings, sink)
    },
  }
}

function port(options: PortOptions): WebSocketPort {
  const { certificates, clientCertificates } = options
  const handshake = handshakeSettings(options)
  const store = new Certificates(certificates ?? [], {
    minVersion: handshake.minVersion,
    ...(clientCertificates && { ca: clientCertificates.ca }),
  })
  const settings: PortSettings = {
    net: withDefaults(options),
    upgrade: upgradeSettings(options),
    upgradeDeadlineMs: wholeNumber('upgradeDeadlineMs', options.upgradeDeadlineMs ?? 10_000, 1),
    tls: certificates && { handshake, certificates: store },
  }
  return {
    name: NAME,
    listen: (sink, { signal }) => listenOnPort(settings, sink, signal),
    reload: (sources) => store.load(sources),
  }
}

function connector(options: ClientOptions): WebSocketConnector {
  const settings = linkSettings(options)
  const liveness = new Liveness(settings.pingIntervalMs)
  return {
    name: NAME,
    connect: ({ signal }) => connect(options, settings, liveness, signal),
  }
}
