/** One thing that every transport owes, or every one with certain capabilities. */
export interface Rule<Scene, Capabilities> {
  /** A sentence whose subject is the transport, its listener or its link. */
  readonly name: string
  /** Which transports owe it. Absent: all. */
  readonly concerns?: (capabilities: Capabilities) => boolean
  /** Throws where the transport breaks it. */
  readonly run: (scene: Scene) => Promise<void>
}

/** Rules about the same side of a transport. */
export interface Chapter<Scene, Capabilities> {
  readonly title: string
  readonly rules: readonly Rule<Scene, Capabilities>[]
}

/** What a rule is played in. */
interface Playable {
  /** What the transport has done that none may do, whichever rule was played. */
  readonly breaches: readonly string[]
  close(): Promise<void>
}

/** The rule needs something that this transport does not have. */
export class Skipped extends Error {}

/** How long a rule waits for anything, unless the transport's author says otherwise. */
export const PATIENCE_MS = 10_000

/**
 * Holds a transport against one rule, and against what it owes at every call.
 *
 * @returns why the rule could not be tried, where the fixture or the link lacks what it takes
 */
export async function play<Scene extends Playable>(
  rule: Pick<Rule<Scene, never>, 'run'>,
  scene: Scene,
): Promise<string | undefined> {
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
