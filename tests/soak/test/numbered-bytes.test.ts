import fc from 'fast-check'
import { expect, it } from 'vitest'
import { betweenCharacters, firstDifference, numberedBytes } from '../src/numbered-bytes.ts'

const position = fc.nat(5_000)

it('numbered bytes are the same from wherever they begin, and may be cut between any two characters', () => {
  fc.assert(
    fc.property(position, position, fc.nat(65_535), (one, other, connection) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)]
      // Longer, so that the character at the last position is whole in it.
      const whole = numberedBytes(connection, '<', 0, to + 16)
      expect(numberedBytes(connection, '<', from, to).equals(whole.subarray(from, to))).toBe(true)
      const cut = whole.subarray(0, betweenCharacters(from))
      expect(cut.toString().includes('\uFFFD')).toBe(false)
    }),
    { examples: [[4_988, 4_988, 0]] },
  )
})

it('a byte of another place, direction or connection is noticed where it stands', () => {
  const bytes = numberedBytes(4_000, '>', 100, 300)
  expect(firstDifference(bytes, 4_000, '>', 100)).toBeUndefined()
  expect(firstDifference(bytes, 4_001, '>', 100)).toBeTypeOf('number')
  expect(firstDifference(bytes, 4_000, '<', 100)).toBeTypeOf('number')
  expect(firstDifference(bytes, 4_000, '>', 101)).toBe(101)
  const broken = Buffer.from(bytes)
  broken[77] = (broken[77] as number) ^ 1
  expect(firstDifference(broken, 4_000, '>', 100)).toBe(177)
})
