/**
 * What every transport owes, as a vitest suite: {@link transportConformance} registers it in a test file.
 *
 * @packageDocumentation
 */
import { describe } from 'vitest'
import type { ConformanceOptions } from './fixture.ts'
import { closingRules } from './rules/closing.ts'
import { connectingRules } from './rules/connecting.ts'
import { listeningRules } from './rules/listening.ts'
import { readingRules } from './rules/reading.ts'
import { writingRules } from './rules/writing.ts'

export type { Capabilities, ConformanceOptions, Fixture, RawPeer } from './fixture.ts'

/**
 * Registers the suite for one transport.
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
  describe(`${options.name}: a listener`, () => listeningRules(options))
  describe(`${options.name}: connecting`, () => connectingRules(options))
  describe(`${options.name}: reading`, () => readingRules(options))
  describe(`${options.name}: writing`, () => writingRules(options))
  describe(`${options.name}: closing`, () => closingRules(options))
}
