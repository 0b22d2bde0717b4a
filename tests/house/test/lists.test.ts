import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packages, ROOT, sources } from './workspace.ts'

/** What is published, without the suite for transports and the transport for tests, which close what tests close. */
const texts = packages()
  .filter(({ manifest, folder }) => folder.startsWith('packages/') && !manifest.private)
  .filter(({ folder }) => folder !== 'packages/transport-conformance')
  .flatMap(({ folder }) => sources(`${folder}/src`))
  .filter((file) => !file.includes('/memory/'))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))

/** The words that a page puts in the first column of its tables. */
function listed(page: string): ReadonlySet<string> {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8')
  return new Set(
    [...text.matchAll(/^\| ([^|]*)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? ''),
    ),
  )
}

/** What a pattern captures, anywhere in the sources. */
function found(pattern: RegExp): readonly string[] {
  return texts.flatMap((text) => [...text.matchAll(pattern)].map(([, word]) => word ?? ''))
}

describe('docs/errors.md', () => {
  const words = listed('errors.md')

  it('has every code of SocketError', () => {
    const codes = found(/^ {2}\| '(EE[A-Z]+)'$/gm)
    expect(codes.length).toBeGreaterThan(10)
    expect(codes.filter((code) => !words.has(code))).toEqual([])
  })

  it('has every code that core and the transports close with', () => {
    const codes = found(/kind: '\w+', code: '([a-z-]+)'/g)
    expect(codes).toContain('line-too-long')
    expect(codes.filter((code) => !words.has(code))).toEqual([])
  })

  it('has every reason of a refusal', () => {
    const reasons = [
      ...found(/reason: '([a-z-]+)'/g),
      ...found(/settle\(\w+, '\w+', '([a-z-]+)'\)/g),
      ...found(/return '([a-z-]+-is-async|threw|not-acquired)'/g),
    ]
    expect(reasons).toEqual(expect.arrayContaining(['policy', 'deadline', 'target-destroyed']))
    expect(reasons.filter((reason) => !words.has(reason))).toEqual([])
  })
})

describe('docs/limits.md', () => {
  it('has every number that can be set', () => {
    const words = [...listed('limits.md')].map((word) => word.replace(/^.*\./, ''))
    const options = found(/readonly (\w+)\?: number$/gm)
    expect(options).toContain('lineLimit')
    // These are what a close tells, not what somebody sets.
    const facts = ['wire', 'unread', 'unsent']
    const settable = options.filter((option) => !facts.includes(option))
    expect(settable.filter((option) => !words.includes(option))).toEqual([])
  })
})
