/**
 * What every transport owes, as a vitest suite: {@link transportConformance} registers it in a test file.
 *
 * @packageDocumentation
 */
import { describe, it } from 'vitest'
import { DATAGRAM_CHAPTERS, LINK_CHAPTERS } from './chapters.ts'
import { DatagramScene } from './datagrams/datagram-scene.ts'
import type { DatagramConformanceOptions } from './datagrams/fixture.ts'
import type { LinkConformanceOptions } from './fixture.ts'
import { type Chapter, play } from './rule.ts'
import { Scene } from './scene.ts'

export type {
  DatagramCapabilities,
  DatagramConformanceOptions,
  DatagramFixture,
  RawDatagramPeer,
} from './datagrams/fixture.ts'
export type { Capabilities, Fixture, LinkConformanceOptions, RawPeer } from './fixture.ts'

/** No rule of a sound transport takes that long, on the slowest machine. */
const TIMEOUT_MS = 60_000

/**
 * Registers the suite for one transport. A rule that the fixture gives no means to try is skipped, and says why. One
 * that has links and datagrams is tested twice.
 *
 * ```ts
 * transportConformance({
 *   name: 'tcp',
 *   capabilities: { shape: 'stream', halfClose: true },
 *   setup: () => ({ transport: tcp({ port: 0 }), dial: dialTcp }),
 * })
 * transportConformance({
 *   name: 'udp',
 *   capabilities: { datagram: true, largest: 65_507 },
 *   setup: () => ({ transport: udp({ port: 0 }), dial: dialUdp }),
 * })
 * ```
 */
export function transportConformance(options: LinkConformanceOptions): void
export function transportConformance(options: DatagramConformanceOptions): void
export function transportConformance(options: LinkConformanceOptions | DatagramConformanceOptions): void {
  if (isOfDatagrams(options)) {
    const open = async (): Promise<DatagramScene> => new DatagramScene(await options.setup(), options)
    register(options, DATAGRAM_CHAPTERS, open)
  } else {
    const open = async (): Promise<Scene> => new Scene(await options.setup(), options)
    register(options, LINK_CHAPTERS, open)
  }
}

function isOfDatagrams(
  options: LinkConformanceOptions | DatagramConformanceOptions,
): options is DatagramConformanceOptions {
  return 'datagram' in options.capabilities
}

function register<Played extends Scene | DatagramScene, Capabilities>(
  { name, capabilities }: { readonly name: string; readonly capabilities: Capabilities },
  chapters: readonly Chapter<Played, Capabilities>[],
  open: () => Promise<Played>,
): void {
  for (const { title, rules } of chapters) {
    describe(`${name}: ${title}`, () => {
      for (const rule of rules) {
        if (rule.concerns?.(capabilities) === false) continue
        it(rule.name, { timeout: TIMEOUT_MS }, async ({ skip }) => {
          const why = await play(rule, await open())
          if (why !== undefined) skip(why)
        })
      }
    })
  }
}
