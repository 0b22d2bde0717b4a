import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** 32 MiB and some 0.1 s for each guess, as OWASP's cheat sheet on storing passwords has it. */
const COST_LOG2 = 15
const BLOCK_SIZE = 8
const PARALLEL = 3
const SALT_BYTES = 16
const HASH_BYTES = 32

/** A password as it is kept: `$scrypt$ln=15,r=8,p=3$salt$hash`, in the form of the password hashing competition. */
export type HashedPassword = string & { readonly __brand: 'HashedPassword' }

const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]{22})\$([\w+/]{43})$/

/** Is this something that {@link hashPassword} has made? */
export function isHashedPassword(text: unknown): text is HashedPassword {
  return typeof text === 'string' && FORM.test(text)
}

/** Makes of a password what can be kept. */
export async function hashPassword(password: string): Promise<HashedPassword> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password, salt, { ln: COST_LOG2, r: BLOCK_SIZE, p: PARALLEL })
  return `$scrypt$ln=${COST_LOG2},r=${BLOCK_SIZE},p=${PARALLEL}$${written(salt)}$${written(hash)}` as HashedPassword
}

/** Was it this password? */
export async function isPassword(password: string, hashed: HashedPassword): Promise<boolean> {
  const [, ln, r, p, salt = '', hash = ''] = FORM.exec(hashed) ?? []
  const kept = Buffer.from(hash, 'base64')
  const derived = await derive(password, Buffer.from(salt, 'base64'), {
    ln: Number(ln),
    r: Number(r),
    p: Number(p),
  })
  return timingSafeEqual(kept, derived)
}

interface Cost {
  readonly ln: number
  readonly r: number
  readonly p: number
}

function derive(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln
  // What it takes, and room for what Node counts besides.
  const options: ScryptOptions = { N, r, p, maxmem: 2 * 128 * N * r }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, options, (error, hash) => (error ? reject(error) : resolve(hash)))
  })
}

/** Base64 without its padding. */
function written(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
