import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'

/** A private key and the certificate that goes with it, followed by those that vouch for it; in PEM. */
export type CertificateSource =
  | { readonly keyFile: string; readonly certFile: string }
  | { readonly key: string | Buffer; readonly cert: string | Buffer }

/** A key and a certificate that were read. */
export interface KeyPair {
  readonly key: string | Buffer
  readonly cert: string | Buffer
}

/** What is wrong with a certificate that was to be used. The ones in use stay in use. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
  /** What to tell it apart by. */
  readonly code = 'ECERTIFICATE'
}

interface Loaded {
  readonly pair: KeyPair
  readonly names: readonly string[]
  readonly context: SecureContext
}

/** The certificates of a listener, by the names they are for. They may be changed without dropping anybody. */
export class Certificates {
  readonly #options: SecureContextOptions
  readonly #changed = new Set<(options: SecureContextOptions) => void>()
  #sources: readonly CertificateSource[]
  #loaded: readonly [Loaded, ...Loaded[]] | undefined

  /** `options` are for every context that is made, whatever the certificate. */
  constructor(sources: readonly CertificateSource[], options: SecureContextOptions) {
    this.#sources = sources
    this.#options = options
  }

  /**
   * Reads every key and certificate, checks them and makes them ready, and only then puts them in the place of the old
   * ones. Rejects with a CertificateError for one that is empty, missing, mismatched or not valid now; then nothing has
   * changed.
   */
  async load(sources: readonly CertificateSource[] = this.#sources): Promise<void> {
    const pairs = await Promise.all(sources.map(readPair))
    const [first, ...others] = pairs.map((pair, index) => check(pair, index, this.#options))
    if (!first) throw new CertificateError('To listen, TLS needs at least one certificate.')
    this.#sources = sources
    this.#loaded = [first, ...others]
    for (const tell of this.#changed) tell(this.first)
  }

  /** What to make the context of that is for clients that ask for no name, or for one that is not ours. */
  get first(): SecureContextOptions {
    if (!this.#loaded) throw new CertificateError('The certificates have not been loaded.')
    return { ...this.#options, ...this.#loaded[0].pair }
  }

  /** The one for a name that a client asks for; undefined where none is for it. */
  contextFor(servername: string): SecureContext | undefined {
    const name = servername.toLowerCase()
    const wildcard = name.replace(/^[^.]+/, '*')
    return this.#loaded?.find(({ names }) => names.includes(name) || names.includes(wildcard))?.context
  }

  /** Calls back with what `first` is whenever they have changed; the result stops that. */
  onChange(tell: (first: SecureContextOptions) => void): () => void {
    this.#changed.add(tell)
    return () => this.#changed.delete(tell)
  }
}

/** Reads a key and its certificate. */
export async function readPair(source: CertificateSource): Promise<KeyPair> {
  if ('key' in source) return source
  const read = (what: string, file: string): Promise<Buffer> =>
    readFile(file).catch((error: unknown) => {
      throw new CertificateError(`The ${what} ${file} cannot be read.`, { cause: error })
    })
  const [key, cert] = await Promise.all([read('key', source.keyFile), read('certificate', source.certFile)])
  return { key, cert }
}

function check(pair: KeyPair, index: number, options: SecureContextOptions): Loaded {
  const which = `Certificate ${index + 1}`
  if (pair.cert.length === 0) throw new CertificateError(`${which} is empty.`)
  if (pair.key.length === 0) throw new CertificateError(`${which} has an empty key.`)
  const certificate = attempt(`${which} is not a certificate in PEM.`, () => new X509Certificate(pair.cert))
  const key = attempt(`${which} has a key that is not one in PEM.`, () => createPrivateKey(pair.key))
  if (!certificate.checkPrivateKey(key)) throw new CertificateError(`${which} does not go with its key.`)
  const now = Date.now()
  if (Date.parse(certificate.validTo) < now) {
    throw new CertificateError(`${which} has expired (${certificate.validTo}).`)
  }
  if (Date.parse(certificate.validFrom) > now) {
    throw new CertificateError(`${which} is not valid yet (${certificate.validFrom}).`)
  }
  const context = attempt(`${which} cannot be used.`, () => createSecureContext({ ...options, ...pair }))
  return { pair, names: namesOf(certificate), context }
}

function attempt<Result>(complaint: string, make: () => Result): Result {
  try {
    return make()
  } catch (error) {
    throw new CertificateError(complaint, { cause: error })
  }
}

/** The names that a certificate is for: its alternative names, or its subject where it has none. */
function namesOf({ subjectAltName, subject }: X509Certificate): readonly string[] {
  const alternatives = [...(subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(([, name = '']) => name)
  const common = /^CN=(.+)$/m.exec(subject)?.[1]
  return (alternatives.length > 0 || common === undefined ? alternatives : [common]).map((name) =>
    name.toLowerCase(),
  )
}
