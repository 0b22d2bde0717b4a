/** The numbers of the wire: RFC 854 and, for options, the RFC or the specification that each option's file names. */

/** Smaller numbers behind an IAC are no commands; this one is EOF, RFC 1184. */
export const FIRST_COMMAND = 236
export const SE = 240
export const NOP = 241
export const AYT = 246
export const EC = 247
export const EL = 248
export const GA = 249
export const SB = 250
export const WILL = 251
export const WONT = 252
export const DO = 253
export const DONT = 254
export const IAC = 255
/** End of record, RFC 885. */
export const EOR = 239

/** `WILL`, `WONT`, `DO` or `DONT`. */
export type Verb = typeof WILL | typeof WONT | typeof DO | typeof DONT

export const NUL = 0
export const BEL = 7
export const BS = 8
export const LF = 10
export const CR = 13
export const ESC = 27
export const DEL = 127

/** The data of a subnegotiation with every 255 doubled, between `IAC SB option` and `IAC SE`. */
export function subnegotiation(option: number, body: Uint8Array | readonly number[]): Uint8Array {
  let escapes = 0
  for (const byte of body) if (byte === IAC) escapes += 1
  const whole = new Uint8Array(body.length + escapes + 5)
  whole.set([IAC, SB, option])
  let at = 3
  for (const byte of body) {
    whole[at++] = byte
    if (byte === IAC) whole[at++] = IAC
  }
  whole.set([IAC, SE], at)
  return whole
}
