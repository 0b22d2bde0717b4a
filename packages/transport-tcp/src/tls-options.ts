import type { SecureVersion } from 'node:tls'
import { wholeNumber } from '@mudwire/core/internal'
import type { CertificateSource } from './certificates.ts'
import type { TcpOptions } from './tcp-options.ts'

/** Which certificates clients must show, or may. */
export interface ClientCertificates {
  /** Who vouches for clients, in PEM. */
  readonly ca: string | Buffer | (string | Buffer)[]
  /** True: nobody without one. False: who has one that is vouched for is told as a fact, others come in without. */
  readonly required: boolean
}

export interface TlsOptions extends TcpOptions {
  /** To listen: one for each name that clients may ask for. The first is for those who ask for none. */
  readonly certificates?: readonly CertificateSource[]
  /** The oldest version to speak. Default `TLSv1.2`. */
  readonly minVersion?: SecureVersion
  /** The protocols to choose from (ALPN), in order of preference. Default: none is named. */
  readonly alpn?: readonly string[]
  /** To listen: ask clients for a certificate. Default: they are not asked. */
  readonly clientCertificates?: ClientCertificates
  /** How long a handshake may take. Default 10,000 ms. */
  readonly handshakeDeadlineMs?: number
  /** To connect: the name to ask for and to verify. Default: the host. */
  readonly servername?: string
  /** To connect: who vouches for the server, in PEM. Default: those whom Node trusts. */
  readonly ca?: string | Buffer | (string | Buffer)[]
  /** To connect: refuse a server whom nobody vouches for. Default true. */
  readonly verify?: boolean
  /** To connect: the certificate to show when the server asks for one. */
  readonly certificate?: CertificateSource
}

/** What a handshake of the listening side needs. */
export interface HandshakeSettings {
  readonly minVersion: SecureVersion
  readonly alpn: readonly string[]
  readonly clientCertificates: ClientCertificates | undefined
  readonly handshakeDeadlineMs: number
}

/** Fills in the defaults. Throws a TypeError for a deadline that is none. */
export function handshakeSettings(
  options: Pick<TlsOptions, 'minVersion' | 'alpn' | 'clientCertificates' | 'handshakeDeadlineMs'>,
): HandshakeSettings {
  return {
    minVersion: options.minVersion ?? 'TLSv1.2',
    alpn: options.alpn ?? [],
    clientCertificates: options.clientCertificates,
    handshakeDeadlineMs: wholeNumber('handshakeDeadlineMs', options.handshakeDeadlineMs ?? 10_000, 1),
  }
}
