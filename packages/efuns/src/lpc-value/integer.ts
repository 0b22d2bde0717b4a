const LOWEST = -(2n ** 63n)
const HIGHEST = 2n ** 63n - 1n

/** So many digits are a safe integer whatever they are, and a bigint is quick to make of them. */
const SAFE_DIGITS = 15
const SAFE_SCALE = 10n ** BigInt(SAFE_DIGITS)

/** Can LPC hold this as an integer? Its integers have 64 bits. */
export function fitsInteger(value: bigint): boolean {
  return value >= LOWEST && value <= HIGHEST
}

/** An integer's digits, perhaps with `-` before them. What is beyond 64 bits wraps around, as in the driver. */
export function readInteger(text: string): number | bigint {
  // Adding zero makes -0 an integer.
  if (text.length <= SAFE_DIGITS) return Number(text) + 0
  const isNegative = text.startsWith('-')
  let value = 0n
  // Piece by piece, so that a million digits take no longer than they should.
  for (let at = isNegative ? 1 : 0; at < text.length; at += SAFE_DIGITS) {
    const part = text.slice(at, at + SAFE_DIGITS)
    const scale = part.length === SAFE_DIGITS ? SAFE_SCALE : 10n ** BigInt(part.length)
    value = BigInt.asUintN(64, value * scale + BigInt(part))
  }
  const wrapped = BigInt.asIntN(64, isNegative ? -value : value)
  const number = Number(wrapped)
  return Number.isSafeInteger(number) ? number : wrapped
}
