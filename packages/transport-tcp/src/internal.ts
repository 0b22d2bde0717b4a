/**
 * For sibling packages only, which build on the same listeners: not part of what semantic versioning promises.
 *
 * @internal
 */
export { Certificates } from './certificates.ts'
export { type Arrival, Intake } from './intake.ts'
export { openServers } from './net-server.ts'
export { TrustedProxies } from './proxy.ts'
export { ignoreError } from './socket-link.ts'
export { SocketListening } from './socket-listening.ts'
export { type TcpSettings, withDefaults } from './tcp-options.ts'
export { tlsFacts } from './tls-facts.ts'
export { TlsHandshakes } from './tls-handshakes.ts'
export { type HandshakeSettings, handshakeSettings } from './tls-options.ts'
export { writtenAddress } from './written-address.ts'
