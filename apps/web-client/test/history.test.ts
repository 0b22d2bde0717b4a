import { describe, expect, it } from 'vitest'
import { History } from '../src/history.ts'

describe('the history', () => {
  it('brings earlier commands back, and what was being typed', () => {
    const history = new History()
    for (const line of ['look', 'say hi', 'say hi', '', 'who']) history.add(line)
    expect(history.back('unfini')).toBe('who')
    expect(history.back('who')).toBe('say hi')
    expect(history.back('say hi')).toBe('look')
    expect(history.back('look')).toBe('look')
    expect(history.forward('look')).toBe('say hi')
    expect(history.forward('say hi')).toBe('who')
    expect(history.forward('who')).toBe('unfini')
    expect(history.forward('unfini')).toBe('unfini')
  })

  it('keeps the last hundred', () => {
    const history = new History()
    for (let index = 0; index < 150; index += 1) history.add(`${index}`)
    let line = ''
    for (let index = 0; index < 150; index += 1) line = history.back(line)
    expect(line).toBe('50')
  })

  it('leaves an empty line empty', () => {
    const history = new History()
    expect(history.back('')).toBe('')
    expect(history.forward('')).toBe('')
  })
})
