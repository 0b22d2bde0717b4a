import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import type { Link, LinkFacts, ListenerSink, Listening, TransportOptions } from '@mudwire/core'
import { type CertificateSource, Certificates, readPair } from './certificates.ts'
import { Intake } from './intake.ts'
import { openServers } from './net-server.ts'
import { ignoreError, SocketLink } from './socket-link.ts'
import { SocketListening } from './socket-listening.ts'
import { connectTcp, endsOf, type SocketTransport } from './tcp.ts'
import { type TcpSettings, withDefaults } from './tcp-options.ts'
import { tlsFacts } from './tls-facts.ts'
import { TlsHandshakes } from './tls-handshakes.ts'
import { type HandshakeSettings, handshakeSettings, type TlsOptions } from './tls-options.ts'

/** A transport whose certificates can be changed while it listens. */
export interface TlsTransport extends SocketTransport {
  /**
   * Reads the certificates again, or others in their place. All of them are read and checked before any is used; new
   * connections get the new ones, and nobody is dropped.
   *
   * @throws CertificateError for one that is empty, missing, mismatched or not valid now: then nothing has changed.
   */
  reload(certificates?: readonly CertificateSource[]): Promise<void>
}

/**
 * Makes a TLS transport, over TCP.
 *
 * ```ts
 * const secure = tls({ port: 4443, certificates: [{ keyFile: 'key.pem', certFile: 'cert.pem' }] })
 * inetd.listen(secure, { accepted })
 * process.on('SIGHUP', () => secure.reload())
 * ```
 *
 * @throws TypeError for a port that is none, and for a proxy that is neither an address nor a network.
 */
export function tls(options: TlsOptions): TlsTransport {
  const settings = withDefaults(options)
  const handshake = handshakeSettings(options)
  const { minVersion, clientCertificates } = handshake
  const certificates = new Certificates(options.certificates ?? [], {
    minVersion,
    ...(clientCertificates && { ca: clientCertificates.ca }),
  })
  return {
    name: 'tls',
    listen: (sink, { signal }) => listen(settings, handshake, certificates, sink, signal),
    connect: (wanted) => connect(settings, handshake, options, wanted),
    reload: (sources) => certificates.load(sources),
  }
}

async function listen(
  settings: TcpSettings,
  handshake: HandshakeSettings,
  certificates: Certificates,
  sink: ListenerSink,
  signal: AbortSignal | undefined,
): Promise<Listening> {
  await certificates.load()
  const handshakes = new TlsHandshakes(handshake, certificates, {
    secured(socket, { local, remote, proxy, socket: raw }, done) {
      done()
      sink.accept(linkOf(socket, raw, { local, remote, facts: tlsFacts(socket, proxy) }))
    },
    failed: (error) => sink.failed(error),
  })
  const intake = new Intake(sink, { proxy: settings.proxy, handshake: true }, (arrival, done) =>
    handshakes.start(arrival, done),
  )
  const callbacks = { connection: intake.take, failed: (error: Error) => sink.failed(error) }
  const servers = await openServers(settings.places, settings, callbacks, signal)
  return new SocketListening(servers, intake, sink, () => handshakes.close())
}

async function connect(
  settings: TcpSettings,
  { minVersion, alpn, handshakeDeadlineMs }: HandshakeSettings,
  options: TlsOptions,
  wanted: TransportOptions,
): Promise<Link> {
  const { ca, verify = true, certificate } = options
  const servername = options.servername ?? (isIP(settings.host) ? undefined : settings.host)
  const pair = certificate && (await readPair(certificate))
  const raw = await connectTcp(settings, wanted)
  const connection: ConnectionOptions & { readonly allowHalfOpen: boolean } = {
    socket: raw,
    // What is verified, also where no name is asked for.
    host: options.servername ?? settings.host,
    allowHalfOpen: true,
    minVersion,
    rejectUnauthorized: verify,
    ...(servername !== undefined && { servername }),
    ...(alpn.length > 0 && { ALPNProtocols: [...alpn] }),
    ...(ca !== undefined && { ca }),
    ...pair,
  }
  const socket = await secured(() => connectTls(connection), raw, handshakeDeadlineMs, wanted.signal)
  return linkOf(socket, raw, { ...endsOf(raw), facts: tlsFacts(socket) })
}

/** Waits for a handshake; destroys the connection when it fails, takes too long, or the signal is aborted. */
function secured(
  start: () => TLSSocket,
  raw: Socket,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = start()
    const finish = (settle: () => void): void => {
      clearTimeout(deadline)
      signal?.removeEventListener('abort', abort)
      settle()
    }
    const fail = (error: unknown): void => {
      finish(() => reject(error))
      raw.destroy()
    }
    const abort = (): void => fail(signal?.reason)
    const deadline = setTimeout(
      () => fail(new Error(`TLS: no handshake within ${deadlineMs} ms`)),
      deadlineMs,
    )
    signal?.addEventListener('abort', abort, { once: true })
    socket.on('error', fail)
    socket.once('close', () => fail(new Error('TLS: the connection ended within the handshake')))
    socket.once('secureConnect', () => {
      socket.pause()
      finish(() => resolve(socket))
    })
  })
}

function linkOf(
  socket: TLSSocket,
  raw: Socket,
  rest: Pick<Link, 'local' | 'remote'> & { readonly facts: LinkFacts },
): Link {
  socket.on('error', ignoreError)
  return new SocketLink({ socket, ...rest, wire: raw })
}
