/**
 * What every transport owes, as a vitest suite: {@link transportConformance} registers it in a test file.
 *
 * @packageDocumentation
 */
import { describe, it } from 'vitest'
import { CHAPTERS } from './chapters.ts'
import type { ConformanceOptions } from './fixture.ts'
import { runRule } from './rule.ts'

export type { Capabilities, ConformanceOptions, Fixture, RawPeer } from './fixture.ts'

/**
 * Registers the suite for one transport. A rule that the fixture gives no means to try is skipped, and says why.
 *
 * ```ts
 * transportConformance({
 *   name: 'tcp',
 *   capabilities: { shape: 'stream', halfClose: true },
 *   setup: () => ({ transport: tcp({ port: 0 }), dial: dialTcp }),
 * })
 * ```
 */
export function transportConformance(options: ConformanceOptions): void {
  for (const { title, rules } of CHAPTERS) {
    describe(`${options.name}: ${title}`, () => {
      for (const rule of rules) {
        if (rule.concerns?.(options.capabilities) === false) continue
        it(rule.name, { timeout: TIMEOUT_MS }, async ({ skip }) => {
          const why = await runRule(rule, options)
          if (why !== undefined) skip(why)
        })
      }
    })
  }
}

/** No rule of a sound transport takes that long, on the slowest machine. */
const TIMEOUT_MS = 60_000
