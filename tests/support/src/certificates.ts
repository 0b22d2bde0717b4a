import { generate } from 'selfsigned'

/** A key and its certificate, in PEM. */
export interface Pair {
  readonly key: string
  readonly cert: string
}

const EC = { keyType: 'ec', algorithm: 'sha256' } as const

/** A certificate authority of the tests' own. */
export async function makeAuthority(name = 'Test authority'): Promise<Pair> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    ...EC,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true },
    ],
  })
  return { key, cert }
}

export interface CertificateRequest {
  /** The first is the common name, too. */
  readonly names: readonly string[]
  readonly notBeforeDate?: Date
  readonly notAfterDate?: Date
}

/** A certificate that an authority vouches for. Names that begin with a digit or have a colon are addresses. */
export async function makeCertificate(ca: Pair, { names, ...dates }: CertificateRequest): Promise<Pair> {
  const [commonName = ''] = names
  const { private: key, cert } = await generate(
    [
      { name: 'commonName', value: commonName },
      { name: 'organizationName', value: 'Mudwire tests' },
    ],
    {
      ...EC,
      ...dates,
      ca,
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
        {
          name: 'subjectAltName',
          altNames: names.map((name) =>
            /^\d|:/.test(name) ? { type: 7, ip: name } : { type: 2, value: name },
          ),
        },
      ],
    },
  )
  return { key, cert }
}

/** An authority, and its certificate for this machine. */
export async function makeLocalhost(): Promise<{ readonly authority: Pair; readonly certificate: Pair }> {
  const authority = await makeAuthority()
  return { authority, certificate: await makeCertificate(authority, { names: ['localhost', '127.0.0.1'] }) }
}

const DAY_MS = 86_400_000
export const yesterday = (days = 1): Date => new Date(Date.now() - days * DAY_MS)
export const tomorrow = (days = 1): Date => new Date(Date.now() + days * DAY_MS)
