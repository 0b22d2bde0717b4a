import { expect, it } from 'vitest'
import { closeCode, closeText } from '../src/close-code.ts'

const reason = (wire?: number, text?: string) => ({
  by: 'local' as const,
  kind: 'end' as const,
  code: 'closed',
  ...(wire !== undefined && { wire }),
  ...(text !== undefined && { text }),
})

it('sends only codes that may be sent', () => {
  const codes = [1000, 1001, 1008, 1013, 3000, 4999, 1004, 1005, 1006, 1015, 0, 2000, 5000]
  expect(codes.map((wire) => closeCode(reason(wire)))).toEqual([
    ...[1000, 1001, 1008, 1013, 3000, 4999],
    ...[1000, 1000, 1000, 1000, 1000, 1000, 1000],
  ])
  expect(closeCode(undefined)).toBe(1000)
})

it('cuts what it says to what fits, never inside a character', () => {
  expect(closeText(reason(1000, 'short'))).toBe('short')
  expect(closeText(reason(1000, '𝄞'.repeat(40)))).toBe('𝄞'.repeat(30))
  expect(closeText(undefined)).toBe('')
})
