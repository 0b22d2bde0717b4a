import type { Capabilities, ConformanceOptions } from './fixture.ts'
import { Scene, Skipped } from './scene.ts'

/** One thing that every transport owes, or every one with certain capabilities. */
export interface Rule {
  /** A sentence whose subject is the transport, its listener or its link. */
  readonly name: string
  /** Which transports owe it. Absent: all. */
  readonly concerns?: (capabilities: Capabilities) => boolean
  /** Throws where the transport breaks it. */
  readonly run: (scene: Scene) => Promise<void>
}

/** Rules about the same side of a transport. */
export interface Chapter {
  readonly title: string
  readonly rules: readonly Rule[]
}

/**
 * Holds a transport against one rule, and against what it owes at every call.
 *
 * @returns why the rule could not be tried, where the fixture or the link lacks what it takes
 */
export async function runRule(rule: Rule, options: ConformanceOptions): Promise<string | undefined> {
  const scene = new Scene(await options.setup(), options)
  try {
    await rule.run(scene)
    const { breaches } = scene
    if (breaches.length > 0) throw new Error(`No transport may do this: ${breaches.join('; ')}.`)
    return undefined
  } catch (error) {
    if (error instanceof Skipped) return error.message
    throw error
  } finally {
    await scene.close()
  }
}
