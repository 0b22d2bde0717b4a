import { incompleteTail } from '@mudwire/core/internal'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeStrictly, decodeText } from '../src/utf8.ts'

const REPLACEMENT = '\uFFFD'

/** UTF-8 with all sorts of things in it that are not. */
const mostlyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('eda080', 'f4908080', 'c0af', 'e282', 'f09f98', '80')
        .map((hex) => Buffer.from(hex, 'hex')),
    ),
    { maxLength: 10 },
  )
  .map((parts) => Buffer.concat(parts))

it('is what the recorded driver makes of what is not UTF-8', () => {
  const decoded = (hex: string): string => decodeText(Buffer.from(hex, 'hex'))
  expect(decoded('62616420fffe20656e64')).toBe(`bad ${REPLACEMENT}${REPLACEMENT} end`)
  expect(decoded('c328')).toBe(`${REPLACEMENT}(`)
  expect(decoded('80')).toBe(REPLACEMENT)
  expect(decoded('eda080')).toBe(REPLACEMENT)
  expect(decoded('f4908080')).toBe(REPLACEMENT)
  expect(decoded('c0af')).toBe(REPLACEMENT)
  expect(decoded('e28241')).toBe(`${REPLACEMENT}A`)
  expect(decoded('efbbbf61')).toBe('\uFEFFa')
})

it('leaves whole characters alone, and agrees with the WHATWG about what is broken', () => {
  fc.assert(
    fc.property(mostlyText, (bytes) => {
      const text = decodeText(bytes)
      const theirs = bytes.toString('utf8')
      const collapse = (value: string): string => value.replaceAll(/\uFFFD+/g, REPLACEMENT)
      expect(collapse(text)).toBe(collapse(theirs))
      expect(text.length).toBeLessThanOrEqual(theirs.length)
    }),
  )
})

it('is the same however the bytes are cut, when the beginning of a character waits for the rest', () => {
  fc.assert(
    fc.property(mostlyText, fc.nat(40), (bytes, at) => {
      const first = bytes.subarray(0, Math.min(at, bytes.byteLength))
      const tail = incompleteTail(first, 0, first.byteLength)
      expect(tail).toBeLessThanOrEqual(3)
      const end = first.byteLength - tail
      const parts = decodeText(bytes.subarray(0, end)) + decodeText(bytes.subarray(end))
      // What continues a broken sequence may have been cut off from it; what is whole never is.
      const whole = (value: string): string => value.replaceAll(REPLACEMENT, '')
      expect(whole(parts)).toBe(whole(decodeText(bytes)))
      if (decodeStrictly(bytes) !== undefined) expect(parts).toBe(bytes.toString())
    }),
  )
})

it('takes time in proportion to the bytes, broken or not', () => {
  const broken = Buffer.alloc(4 * 1024 * 1024, Buffer.from('e282ff', 'hex'))
  expect(decodeText(broken)).toHaveLength(Math.ceil((broken.byteLength / 3) * 2))
})
