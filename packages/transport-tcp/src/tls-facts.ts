import type { TLSSocket } from 'node:tls'
import type { CertificateFacts, LinkFacts, ProxyFacts, TlsFacts } from '@mudwire/core'

/** What a TLS connection says of itself; the little that is worth keeping is copied. */
export function tlsFacts(socket: TLSSocket, proxy?: ProxyFacts): LinkFacts {
  const { servername, alpnProtocol } = socket
  const certificate = socket.authorized ? certificateFacts(socket) : undefined
  const tls: TlsFacts = Object.freeze({
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    ...(typeof servername === 'string' && servername !== '' && { servername }),
    ...(typeof alpnProtocol === 'string' && { alpn: alpnProtocol }),
    ...(certificate && { certificate }),
  })
  return Object.freeze({ secure: true, tls, ...(proxy && { proxy }) })
}

function certificateFacts(socket: TLSSocket): CertificateFacts | undefined {
  const { subject, issuer, fingerprint256, valid_to: validTo } = socket.getPeerCertificate()
  if (!subject) return undefined
  return Object.freeze({
    subject: copied(subject),
    issuer: copied(issuer),
    fingerprint: fingerprint256,
    validTo,
  })
}

/** A certificate may say something twice; then all of it is kept, as one text. */
function copied(name: object): Readonly<Record<string, string>> {
  return Object.freeze(
    Object.fromEntries(
      Object.entries(name).map(([key, value]) => [key, Array.isArray(value) ? value.join(', ') : `${value}`]),
    ),
  )
}
