import { readdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What a process holds on to. */
export interface Holdings {
  /** Open files and sockets; undefined where the system does not say. */
  readonly descriptors: number | undefined
  /** What keeps the event loop busy, by kind: timers, sockets, servers … */
  readonly resources: Readonly<Record<string, number>>
  /** Bytes of the heap in use, after collecting. */
  readonly heap: number
}

/** The engine gives back what was compiled only after it has seen it unused several times, and finalizers run between the turns. */
const COLLECTIONS = 12

/** Takes stock; collects garbage first. */
export async function takeStock(): Promise<Holdings> {
  const collect = collector()
  for (let round = 0; round < COLLECTIONS; round += 1) {
    collect()
    await new Promise(setImmediate)
  }
  const resources: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  return { descriptors: countDescriptors(), resources, heap: process.memoryUsage().heapUsed }
}

/** What there is now that was not there before, in words. */
export function leftBehind(before: Holdings, now: Holdings): readonly string[] {
  const left: string[] = []
  if ((now.descriptors ?? 0) > (before.descriptors ?? 0)) {
    left.push(`${now.descriptors} descriptors, ${before.descriptors} before`)
  }
  for (const [kind, count] of Object.entries(now.resources)) {
    const was = before.resources[kind] ?? 0
    if (count > was) left.push(`${count} of ${kind}, ${was} before`)
  }
  return left
}

function countDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return undefined
  }
}

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
