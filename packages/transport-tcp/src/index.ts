/**
 * TCP, TLS and unix sockets for Mudwire: `tcp({ port: 4000 })` is configuration and transport in one, for listening and
 * for connecting.
 *
 * @packageDocumentation
 */
export { CertificateError, type CertificateSource } from './certificates.ts'
export type { ProxyOptions } from './proxy.ts'
export { type SocketTransport, tcp } from './tcp.ts'
export type { TcpOptions } from './tcp-options.ts'
export { type TlsTransport, tls } from './tls.ts'
export type { ClientCertificates, TlsOptions } from './tls-options.ts'
export { type UnixOptions, unix } from './unix.ts'
